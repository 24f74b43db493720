-- Cells whose visitors' neighbours are in different parts of town within one day. Reads sighting_all, the sightings of every day.

-- @table sighting_error
-- The standard error of a median is 1.25 of a mean's. Visitors sent from all over town at once place nothing, and must not seem to move it.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, s.hour_at AS hour_at, s.lat AS lat, s.lon AS lon, s.visitors AS visitors,
  :errors * 1.25e0 * s.lat_spread / sqrt(s.visitors) AS lat_error, :errors * 1.25e0 * s.lon_spread / sqrt(s.visitors) AS lon_error
FROM sighting_all s

-- @table moved
-- Only what lies apart even where both sightings err towards each other.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, date_trunc('day', s.hour_at) AS day_at,
  min(s.lat + s.lat_error) AS south, max(s.lat - s.lat_error) AS north, min(s.lon + s.lon_error) AS west, max(s.lon - s.lon_error) AS east, CAST(sum(s.visitors) AS BIGINT) AS visitors
FROM sighting_error s
WHERE s.visitors >= :min_visitors
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.source, date_trunc('day', s.hour_at)
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
