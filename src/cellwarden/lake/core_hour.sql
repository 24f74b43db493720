-- One row a (core, hour): how many phones said who they are, and how many with the permanent identity. Reads access_day.
-- @result
SELECT a.core AS core, date_trunc('hour', a.at) AS hour_at,
  CAST(count(*) AS BIGINT) AS openings,
  CAST(sum(CASE WHEN a.identity IN ('imsi', 'suci_null') THEN 1 ELSE 0 END) AS BIGINT) AS identified,
  CAST(count(DISTINCT a.cell) AS BIGINT) AS cells
FROM access_day a
WHERE a.core IS NOT NULL AND a.procedure IN ('attach', 'tau', 'service_request', 'identity')
GROUP BY a.core, date_trunc('hour', a.at)
ORDER BY core NULLS FIRST, hour_at NULLS FIRST
