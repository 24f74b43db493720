-- What a cell's procedures did in a day to those who say little of themselves: one row where there is something to tell. Reads telling and
-- access_day, one UTC day.
-- exposing: openings in which the permanent identity was readable, or which a reject forced into saying it next time (the causes behind
-- Marlin, NDSS 2025). chained: people who were turned away and attached elsewhere with the permanent identity within ten minutes.
-- unasked: responses with the permanent identity beside which no procedure ran in which a core would have asked for it.

-- @table told
SELECT t.place AS place, t.tac AS tac, date_trunc('day', min(t.at)) AS day_at,
  CAST(sum(t.is_opening * greatest(t.is_identified, t.is_forced)) AS BIGINT) AS exposing,
  CAST(sum(CASE WHEN t.procedure <> 'identity' THEN t.is_opening * t.is_forced ELSE 0 END) AS BIGINT) AS forced,
  CAST(sum(CASE WHEN t.ims_protection IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS registrations
FROM (
  SELECT w.place AS place, w.tac AS tac, w.at AS at, w.procedure AS procedure, w.ims_protection AS ims_protection, w.is_opening AS is_opening, w.is_identified AS is_identified,
    CASE WHEN w.result = 'reject' AND (w.cause IN (3, 6, 7, 8, 12, 14, 35) OR w.procedure = 'attach' AND w.cause IN (11, 13, 15) OR w.procedure = 'service_request' AND w.cause = 9)
      THEN 1 ELSE 0 END AS is_forced
  FROM telling w
) t
GROUP BY t.place, t.tac

-- @table attached_in_clear
SELECT t.cell AS cell, t.imsi AS imsi, t.at AS at
FROM telling t
WHERE t.imsi IS NOT NULL AND t.procedure = 'attach' AND t.is_identified = 1

-- @table chained
SELECT t.place AS place, t.tac AS tac, CAST(count(DISTINCT t.imsi) AS BIGINT) AS chained
FROM telling t
JOIN attached_in_clear c ON c.imsi = t.imsi AND c.at > t.at AND c.at <= t.at + INTERVAL '10' MINUTE AND c.cell <> t.cell
WHERE t.result = 'reject' OR t.procedure = 'detach'
GROUP BY t.place, t.tac

-- @table response
SELECT t.place AS place, t.tac AS tac, t.cell AS cell, t.imsi AS imsi, t.at AS at
FROM telling t
WHERE t.imsi IS NOT NULL AND t.procedure = 'identity' AND t.is_identified = 1

-- @table asking
SELECT a.cell AS cell, a.imsi AS imsi, a.at AS at
FROM access_day a
JOIN (SELECT DISTINCT r.imsi AS imsi FROM response r) p ON p.imsi = a.imsi
WHERE a.procedure IN ('attach', 'tau', 'periodic_tau', 'service_request', 'handover_in')

-- @table answered
SELECT r.place AS place, r.tac AS tac, CAST(count(*) AS BIGINT) AS responses, CAST(sum(r.is_unasked) AS BIGINT) AS unasked
FROM (
  SELECT s.place AS place, s.tac AS tac, s.imsi AS imsi, s.at AS at, min(CASE WHEN k.at IS NULL THEN 1 ELSE 0 END) AS is_unasked
  FROM response s
  LEFT JOIN asking k ON k.imsi = s.imsi AND k.cell = s.cell AND k.at >= s.at - INTERVAL '1' MINUTE AND k.at <= s.at + INTERVAL '1' MINUTE
  GROUP BY s.place, s.tac, s.imsi, s.at
) r
GROUP BY r.place, r.tac

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, n.tac AS tac, n.day_at AS day_at, n.exposing AS exposing, n.forced AS forced,
  coalesce(c.chained, 0) AS chained, coalesce(r.responses, 0) AS responses, coalesce(r.unasked, 0) AS unasked, n.registrations AS registrations
FROM told n
JOIN place p ON p.place = n.place
LEFT JOIN chained c ON c.place = n.place AND c.tac = n.tac
LEFT JOIN answered r ON r.place = n.place AND r.tac = n.tac
ORDER BY plmn, rat, cell_type, cell, source, tac
