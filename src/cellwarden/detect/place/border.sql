-- How often phones went from one placed cell to one at another place within ten minutes: towards whom a cell looks. Reads `stride` of
-- sighting.sql. Both directions, since a border has two sides.

-- @table crossing
SELECT s.cell AS cell, s.lat AS lat, s.lon AS lon, s.before_lat AS other_lat, s.before_lon AS other_lon
FROM stride s
WHERE s.lat IS NOT NULL AND s.before_lat IS NOT NULL AND s.before_at >= s.at - INTERVAL '10' MINUTE AND (s.before_lat <> s.lat OR s.before_lon <> s.lon)
UNION ALL
SELECT s.before_cell AS cell, s.before_lat AS lat, s.before_lon AS lon, s.lat AS other_lat, s.lon AS other_lon
FROM stride s
WHERE s.lat IS NOT NULL AND s.before_lat IS NOT NULL AND s.before_at >= s.at - INTERVAL '10' MINUTE AND (s.before_lat <> s.lat OR s.before_lon <> s.lon)

-- @result
SELECT c.cell AS cell, c.lat AS lat, c.lon AS lon, c.other_lat AS other_lat, c.other_lon AS other_lon, CAST(count(*) AS BIGINT) AS crossings
FROM crossing c
GROUP BY c.cell, c.lat, c.lon, c.other_lat, c.other_lon
