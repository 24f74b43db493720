-- In which hours which core took permanent identities at which cell. Reads access_day, one UTC day.
-- @result
SELECT a.plmn AS plmn, a.rat AS rat, coalesce(a.cell_type, k.cell_type, '') AS cell_type, a.cell AS cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)) AS source,
  a.core AS core, date_trunc('hour', a.at) AS hour_at, CAST(count(*) AS BIGINT) AS identified
FROM access_day a
LEFT JOIN cell_kind k ON k.plmn = a.plmn AND k.cell = a.cell
WHERE a.identity IN ('imsi', 'suci_null') AND a.procedure IN ('attach', 'tau', 'service_request', 'identity')
GROUP BY a.plmn, a.rat, coalesce(a.cell_type, k.cell_type, ''), a.cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)), a.core, date_trunc('hour', a.at)
