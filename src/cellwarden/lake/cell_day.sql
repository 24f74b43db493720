-- One row a (day, cell, the address it spoke from). Reads touch_day, one UTC day of the touch index.
-- @result
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.source AS source, t.tac AS tac,
  min(t.first_at) AS first_at, max(t.last_at) AS last_at, CAST(count(DISTINCT t.imsi) AS BIGINT) AS subscribers,
  CAST(sum(t.events) AS BIGINT) AS events, CAST(sum(t.openings) AS BIGINT) AS openings,
  CAST(sum(t.identified) AS BIGINT) AS identified, CAST(sum(t.unknown_identity) AS BIGINT) AS unknown_identity,
  CAST(sum(t.attaches) AS BIGINT) AS attaches, CAST(sum(t.rejects) AS BIGINT) AS rejects,
  CAST(sum(t.null_ciphering) AS BIGINT) AS null_ciphering, CAST(sum(t.unknown_ciphering) AS BIGINT) AS unknown_ciphering,
  CAST(sum(t.unprotected_ims) AS BIGINT) AS unprotected_ims
FROM touch_day t
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.source, t.tac
ORDER BY plmn NULLS FIRST, rat NULLS FIRST, cell_type NULLS FIRST, cell NULLS FIRST, source NULLS FIRST, tac NULLS FIRST
