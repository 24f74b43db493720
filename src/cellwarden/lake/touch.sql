-- The touch index: one row a (day, cell, the address it spoke from, subscriber). Reads access_day, one UTC day of access.
-- openings: procedures in which a phone says who it is. identified: those in which the permanent identity was readable.
-- @result
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, a.imsi AS imsi,
  min(a.at) AS first_at, max(a.at) AS last_at,
  CAST(count(*) AS BIGINT) AS events,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS openings,
  CAST(sum(CASE WHEN a.identity IN ('imsi', 'suci_null') THEN 1 ELSE 0 END) AS BIGINT) AS identified,
  CAST(sum(CASE WHEN a.identity = 'unknown' THEN 1 ELSE 0 END) AS BIGINT) AS unknown_identity,
  CAST(sum(CASE WHEN a.procedure = 'attach' THEN 1 ELSE 0 END) AS BIGINT) AS attaches,
  CAST(sum(CASE WHEN a.result = 'reject' THEN 1 ELSE 0 END) AS BIGINT) AS rejects,
  CAST(sum(CASE WHEN a.ciphering = 0 THEN 1 ELSE 0 END) AS BIGINT) AS null_ciphering,
  CAST(sum(CASE WHEN a.ciphering IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unknown_ciphering,
  CAST(sum(CASE WHEN a.ims_protection IN ('none', 'integrity_only') THEN 1 ELSE 0 END) AS BIGINT) AS unprotected_ims
FROM access_day a
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.source, a.tac, a.imsi
ORDER BY plmn NULLS FIRST, rat NULLS FIRST, cell_type NULLS FIRST, cell NULLS FIRST, source NULLS FIRST, tac NULLS FIRST, imsi NULLS FIRST
