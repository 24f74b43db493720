-- How often phones went from one placed cell to one at another place within ten minutes: towards whom a cell looks. Reads `stride` of
-- sighting.sql. Both directions, since a border has two sides.

-- @table crossing
SELECT s.place AS place, s.before_place AS before_place, CAST(count(*) AS BIGINT) AS crossings
FROM stride s
WHERE s.before_place <> s.place AND s.before_at >= s.at - INTERVAL '10' MINUTE
GROUP BY s.place, s.before_place

-- @table side
SELECT p.cell AS cell, p.lat AS lat, p.lon AS lon, b.cell AS other_cell, b.lat AS other_lat, b.lon AS other_lon, c.crossings AS crossings
FROM crossing c
JOIN place p ON p.place = c.place
JOIN place b ON b.place = c.before_place
WHERE b.lat <> p.lat OR b.lon <> p.lon

-- @result
SELECT c.cell AS cell, c.lat AS lat, c.lon AS lon, c.other_lat AS other_lat, c.other_lon AS other_lon, CAST(sum(c.crossings) AS BIGINT) AS crossings
FROM (
  SELECT s.cell AS cell, s.lat AS lat, s.lon AS lon, s.other_lat AS other_lat, s.other_lon AS other_lon, s.crossings AS crossings FROM side s
  UNION ALL
  SELECT s.other_cell AS cell, s.other_lat AS lat, s.other_lon AS lon, s.lat AS other_lat, s.lon AS other_lon, s.crossings AS crossings FROM side s
) c
GROUP BY c.cell, c.lat, c.lon, c.other_lat, c.other_lon
