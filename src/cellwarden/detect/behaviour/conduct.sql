-- What a cell's procedures did in a day. Reads access_day, one UTC day.
-- exposing: openings in which the permanent identity was readable, or which a reject forced into saying it next time (the causes behind
-- Marlin, NDSS 2025). chained: people who were turned away and attached elsewhere with the permanent identity within ten minutes.
-- unasked: responses with the permanent identity beside which no procedure ran in which a core would have asked for it.

-- @table counted
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, date_trunc('day', min(a.at)) AS day_at,
  CAST(count(DISTINCT a.imsi) AS BIGINT) AS subscribers,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS openings,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') AND (a.identity IN ('imsi', 'suci_null')
    OR a.result = 'reject' AND (a.cause IN (3, 6, 7, 8, 12, 14, 35) OR a.procedure = 'attach' AND a.cause IN (11, 13, 15) OR a.procedure = 'service_request' AND a.cause = 9))
    THEN 1 ELSE 0 END) AS BIGINT) AS exposing,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request') AND a.result = 'reject'
    AND (a.cause IN (3, 6, 7, 8, 12, 14, 35) OR a.procedure = 'attach' AND a.cause IN (11, 13, 15) OR a.procedure = 'service_request' AND a.cause = 9)
    THEN 1 ELSE 0 END) AS BIGINT) AS forced,
  CAST(sum(CASE WHEN a.ciphering IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS ciphered, CAST(sum(CASE WHEN a.ciphering = 0 THEN 1 ELSE 0 END) AS BIGINT) AS unciphered,
  CAST(sum(CASE WHEN a.ims_protection IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS registrations,
  CAST(sum(CASE WHEN a.ims_protection IN ('none', 'integrity_only') THEN 1 ELSE 0 END) AS BIGINT) AS unprotected
FROM access_day a
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.source, a.tac

-- @table turned_away
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, a.imsi AS imsi, a.at AS at
FROM access_day a
WHERE a.imsi IS NOT NULL AND (a.result = 'reject' OR a.procedure = 'detach')

-- @table attached_in_clear
SELECT a.plmn AS plmn, a.cell AS cell, a.imsi AS imsi, a.at AS at
FROM access_day a
WHERE a.imsi IS NOT NULL AND a.procedure = 'attach' AND a.identity IN ('imsi', 'suci_null')

-- @table chained
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.source AS source, t.tac AS tac, CAST(count(DISTINCT t.imsi) AS BIGINT) AS chained
FROM turned_away t
JOIN attached_in_clear c ON c.imsi = t.imsi AND c.at > t.at AND c.at <= t.at + INTERVAL '10' MINUTE AND c.cell <> t.cell
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.source, t.tac

-- @table response
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, a.imsi AS imsi, a.at AS at
FROM access_day a
WHERE a.imsi IS NOT NULL AND a.procedure = 'identity' AND a.identity IN ('imsi', 'suci_null')

-- @table asking
SELECT a.cell AS cell, a.imsi AS imsi, a.at AS at
FROM access_day a
JOIN (SELECT DISTINCT r.imsi AS imsi FROM response r) p ON p.imsi = a.imsi
WHERE a.procedure IN ('attach', 'tau', 'periodic_tau', 'service_request', 'handover_in')

-- @table answered
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.source AS source, r.tac AS tac, CAST(count(*) AS BIGINT) AS responses,
  CAST(sum(r.is_unasked) AS BIGINT) AS unasked
FROM (
  SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, s.tac AS tac, s.imsi AS imsi, s.at AS at,
    min(CASE WHEN k.at IS NULL THEN 1 ELSE 0 END) AS is_unasked
  FROM response s
  LEFT JOIN asking k ON k.imsi = s.imsi AND k.cell = s.cell AND k.at >= s.at - INTERVAL '1' MINUTE AND k.at <= s.at + INTERVAL '1' MINUTE
  GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.source, s.tac, s.imsi, s.at
) r
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.source, r.tac

-- @result
SELECT n.plmn AS plmn, n.rat AS rat, coalesce(n.cell_type, k.cell_type, '') AS cell_type, n.cell AS cell, coalesce(n.source, 'tac ' || CAST(n.tac AS STRING)) AS source, n.tac AS tac,
  n.day_at AS day_at, n.subscribers AS subscribers, n.openings AS openings, n.exposing AS exposing, n.forced AS forced, coalesce(c.chained, 0) AS chained,
  coalesce(r.responses, 0) AS responses, coalesce(r.unasked, 0) AS unasked, n.ciphered AS ciphered, n.unciphered AS unciphered, n.registrations AS registrations, n.unprotected AS unprotected
FROM counted n
LEFT JOIN cell_kind k ON k.plmn = n.plmn AND k.cell = n.cell
LEFT JOIN chained c ON c.plmn = n.plmn AND c.rat = n.rat AND coalesce(c.cell_type, '') = coalesce(n.cell_type, '') AND c.cell = n.cell AND coalesce(c.source, '') = coalesce(n.source, '') AND c.tac = n.tac
LEFT JOIN answered r ON r.plmn = n.plmn AND r.rat = n.rat AND coalesce(r.cell_type, '') = coalesce(n.cell_type, '') AND r.cell = n.cell AND coalesce(r.source, '') = coalesce(n.source, '') AND r.tac = n.tac
ORDER BY plmn, rat, cell_type, cell, source, tac
