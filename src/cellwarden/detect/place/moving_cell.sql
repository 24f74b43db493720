-- Cells whose visitors' neighbours are in different parts of town within one day. Reads sighting_all, the sightings of every day.

-- @table sighting_error
-- The standard error of a median is 1.25 of a mean's. Visitors sent from all over town at once place nothing, and must not seem to move it;
-- and of three that agree by chance the spread is too small: Student's quantile by its expansion in degrees of freedom, n - 1.
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, n.hour_at AS hour_at, n.tenth AS tenth, n.lat AS lat, n.lon AS lon, n.visitors AS visitors,
  n.errors * n.lat_spread AS lat_error, n.errors * n.lon_spread AS lon_error
FROM (
  SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, s.hour_at AS hour_at, s.tenth AS tenth, s.lat AS lat, s.lon AS lon,
    s.visitors AS visitors, s.lat_spread AS lat_spread, s.lon_spread AS lon_spread,
    1.25e0 * (:errors + (power(:errors, 3) + :errors) / (4e0 * (s.visitors - 1))
      + (5e0 * power(:errors, 5) + 16e0 * power(:errors, 3) + 3e0 * :errors) / (96e0 * (s.visitors - 1) * (s.visitors - 1))) / sqrt(s.visitors - 1) AS errors
  FROM sighting_all s
  WHERE s.visitors >= :min_visitors AND s.visitors > 1
) n

-- @table edge
SELECT e.plmn AS plmn, e.rat AS rat, e.cell_type AS cell_type, e.cell AS cell, e.source AS source, date_trunc('day', e.hour_at) AS day_at, e.visitors AS visitors,
  e.lat + e.lat_error AS south, e.lat - e.lat_error AS north, e.lon + e.lon_error AS west, e.lon - e.lon_error AS east,
  row_number() OVER (PARTITION BY e.plmn, e.rat, e.cell_type, e.cell, e.source, date_trunc('day', e.hour_at) ORDER BY e.lat + e.lat_error, e.hour_at, e.tenth) AS from_south,
  row_number() OVER (PARTITION BY e.plmn, e.rat, e.cell_type, e.cell, e.source, date_trunc('day', e.hour_at) ORDER BY e.lat - e.lat_error DESC, e.hour_at, e.tenth) AS from_north,
  row_number() OVER (PARTITION BY e.plmn, e.rat, e.cell_type, e.cell, e.source, date_trunc('day', e.hour_at) ORDER BY e.lon + e.lon_error, e.hour_at, e.tenth) AS from_west,
  row_number() OVER (PARTITION BY e.plmn, e.rat, e.cell_type, e.cell, e.source, date_trunc('day', e.hour_at) ORDER BY e.lon - e.lon_error DESC, e.hour_at, e.tenth) AS from_east,
  count(*) OVER (PARTITION BY e.plmn, e.rat, e.cell_type, e.cell, e.source, date_trunc('day', e.hour_at)) AS sightings
FROM sighting_error e

-- @table moved
-- Only what lies apart even where both sightings err towards each other; and of a day of many sightings not the few that lie furthest out:
-- a busy venue is seen a hundred times a day, and the extremes of a hundred lie far apart by chance.
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.source AS source, d.day_at AS day_at,
  min(CASE WHEN d.from_south > :trimmed * d.sightings THEN d.south END) AS south, max(CASE WHEN d.from_north > :trimmed * d.sightings THEN d.north END) AS north,
  min(CASE WHEN d.from_west > :trimmed * d.sightings THEN d.west END) AS west, max(CASE WHEN d.from_east > :trimmed * d.sightings THEN d.east END) AS east,
  CAST(sum(d.visitors) AS BIGINT) AS visitors
FROM edge d
GROUP BY d.plmn, d.rat, d.cell_type, d.cell, d.source, d.day_at
HAVING count(*) > 1

-- @table placed_day
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.source AS source, m.south AS south, m.north AS north, m.west AS west, m.east AS east,
  m.visitors AS visitors, p.hand AS hand, p.first_at AS from_at, p.last_at AS to_at, r.kind AS kind, r.status AS status
FROM moved m
JOIN presence p ON p.plmn = m.plmn AND p.rat = m.rat AND p.cell_type = m.cell_type AND p.cell = m.cell AND p.source = m.source AND date_trunc('day', p.first_at) = m.day_at
LEFT JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.first_at = p.first_at

-- @result
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.source AS source, d.hand AS hand, d.from_at AS from_at, d.to_at AS to_at,
  d.south AS south, d.north AS north, d.west AS west, d.east AS east, d.visitors AS visitors, d.kind AS kind, d.status AS status
FROM placed_day d
