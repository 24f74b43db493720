-- What each accused episode saw, in ten minutes. Reads accused_access.
-- @result
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.unit AS unit, a.episode_from AS episode_from,
  date_trunc('hour', a.at) AS hour_at, CAST(floor(extract(MINUTE FROM a.at) / 10) AS BIGINT) AS tenth,
  CAST(count(*) AS BIGINT) AS events, CAST(count(DISTINCT a.imsi) AS BIGINT) AS people
FROM accused_access a
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.unit, a.episode_from, date_trunc('hour', a.at), CAST(floor(extract(MINUTE FROM a.at) / 10) AS BIGINT)
ORDER BY plmn, rat, cell_type, cell, episode_from, hour_at, tenth
