-- Where home cells were, from the neighbours of their visitors: the placed macro cells that a visitor was on within ten minutes
-- before or after. Reads trace, one UTC day. `neighbour` is one row a (visitor's step between a home cell and a placed cell).

-- @table visitor
SELECT DISTINCT t.imsi AS imsi
FROM trace t
JOIN place p ON p.place = t.place AND p.is_sought = 1

-- @table stride
SELECT w.imsi AS imsi, w.at AS at, w.place AS place,
  lag(w.at) OVER (PARTITION BY w.imsi ORDER BY w.at, w.place) AS before_at,
  lag(w.place) OVER (PARTITION BY w.imsi ORDER BY w.at, w.place) AS before_place,
  lead(w.at) OVER (PARTITION BY w.imsi ORDER BY w.at, w.place) AS after_at,
  lead(w.place) OVER (PARTITION BY w.imsi ORDER BY w.at, w.place) AS after_place
FROM (SELECT t.imsi AS imsi, t.at AS at, t.place AS place FROM trace t JOIN visitor v ON v.imsi = t.imsi) w

-- @table neighbour
SELECT s.imsi AS imsi, s.at AS at, s.place AS place, s.before_place AS near_place, s.before_at AS near_at
FROM stride s
JOIN place p ON p.place = s.place AND p.lat IS NULL
JOIN place n ON n.place = s.before_place AND n.lat IS NOT NULL
WHERE s.before_at >= s.at - INTERVAL '10' MINUTE
UNION ALL
SELECT s.imsi AS imsi, s.at AS at, s.place AS place, s.after_place AS near_place, s.after_at AS near_at
FROM stride s
JOIN place p ON p.place = s.place AND p.lat IS NULL
JOIN place n ON n.place = s.after_place AND n.lat IS NOT NULL
WHERE s.after_at <= s.at + INTERVAL '10' MINUTE

-- @table seen
-- Places in whole steps of 1e-5 degrees (about a metre): sums of whole numbers do not depend on the order in which threads add them.
SELECT o.place AS place, o.hour_at AS hour_at, o.tenth AS tenth, median(o.lat) AS lat, median(o.lon) AS lon,
  sqrt(greatest(0e0, CAST(sum(o.lat_steps * o.lat_steps) AS DOUBLE) / count(*) - CAST(sum(o.lat_steps) AS DOUBLE) / count(*) * CAST(sum(o.lat_steps) AS DOUBLE) / count(*))) / 1e5 AS lat_spread,
  sqrt(greatest(0e0, CAST(sum(o.lon_steps * o.lon_steps) AS DOUBLE) / count(*) - CAST(sum(o.lon_steps) AS DOUBLE) / count(*) * CAST(sum(o.lon_steps) AS DOUBLE) / count(*))) / 1e5 AS lon_spread,
  CAST(count(DISTINCT o.imsi) AS BIGINT) AS visitors
FROM (
  SELECT n.imsi AS imsi, n.place AS place, l.lat AS lat, l.lon AS lon, l.lat_steps AS lat_steps, l.lon_steps AS lon_steps,
    date_trunc('hour', n.at) AS hour_at, CAST(floor(extract(MINUTE FROM n.at) / 10) AS BIGINT) AS tenth
  FROM neighbour n
  JOIN place l ON l.place = n.near_place
) o
GROUP BY o.place, o.hour_at, o.tenth

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, s.hour_at AS hour_at, s.tenth AS tenth,
  s.lat AS lat, s.lon AS lon, s.lat_spread AS lat_spread, s.lon_spread AS lon_spread, s.visitors AS visitors
FROM seen s
JOIN place p ON p.place = s.place
