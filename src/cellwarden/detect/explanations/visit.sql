-- Who was on a home cell in which hour, and what they showed of themselves. Reads access_day, one UTC day.
-- @result
SELECT a.plmn AS plmn, a.rat AS rat, 'home' AS cell_type, a.cell AS cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)) AS source, a.imsi AS imsi,
  date_trunc('hour', a.at) AS hour_at, CAST(count(*) AS BIGINT) AS events,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS openings,
  CAST(sum(CASE WHEN a.identity IN ('imsi', 'suci_null') AND a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS identified
FROM access_day a
LEFT JOIN cell_kind k ON k.plmn = a.plmn AND k.cell = a.cell
WHERE a.imsi IS NOT NULL AND coalesce(a.cell_type, k.cell_type, '') = 'home'
GROUP BY a.plmn, a.rat, a.cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)), a.imsi, date_trunc('hour', a.at)
