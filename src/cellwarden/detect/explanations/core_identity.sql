-- In which hours which core took permanent identities at which cell. Reads telling, one UTC day.
-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, i.core AS core, i.hour_at AS hour_at, i.identified AS identified
FROM (
  SELECT t.place AS place, t.core AS core, date_trunc('hour', t.at) AS hour_at, CAST(count(*) AS BIGINT) AS identified
  FROM telling t
  WHERE t.is_identified = 1 AND t.is_opening = 1
  GROUP BY t.place, t.core, date_trunc('hour', t.at)
) i
JOIN place p ON p.place = i.place
