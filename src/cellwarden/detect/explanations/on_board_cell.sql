-- Cells registered as mobile, and registered cells that are at the same place at the same time of day, day after day, while they move.

-- @table rider
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, max(r.kind) AS kind, min(r.first_at) AS from_at, max(r.last_at) AS to_at
FROM registered r
JOIN presence p ON p.plmn = r.plmn AND p.rat = r.rat AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.source = r.source AND p.hand = r.hand AND p.first_at = r.first_at
WHERE r.status = 'active' AND p.hand = p.serial_hand
  AND (r.serial IS NULL OR p.hand = r.serial OR p.hand = 'unnamed' OR substr(p.hand, 1, 6) = 'inner ' OR substr(p.hand, 1, 4) = 'tac ' OR substr(p.hand, 1, 8) = 'address ')
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand

-- @table passing
-- In whole steps of 1e-5 degrees, about a metre: sums of whole numbers do not depend on the order in which threads add them.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, p.hand AS hand, date_trunc('day', s.hour_at) AS day_at,
  CAST(extract(HOUR FROM s.hour_at) AS BIGINT) * 6 + s.tenth AS slot, s.lat AS lat, s.lon AS lon,
  CAST(round(s.lat * 1e5) AS BIGINT) AS lat_steps, CAST(round(s.lon * 1e5 * cos(radians(s.lat))) AS BIGINT) AS lon_steps
FROM sighting_all s
JOIN presence p ON p.plmn = s.plmn AND p.rat = s.rat AND p.cell_type = s.cell_type AND p.cell = s.cell AND p.source = s.source AND date_trunc('day', p.first_at) = date_trunc('day', s.hour_at)

-- @table corridor
-- How far it is from its middle, squared, on average.
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, max(p.lat) - min(p.lat) AS height, max(p.lon) - min(p.lon) AS width, max(p.lat) AS north,
  CAST(sum(p.lat_steps * p.lat_steps + p.lon_steps * p.lon_steps) AS DOUBLE) / count(*)
    - CAST(sum(p.lat_steps) AS DOUBLE) / count(*) * CAST(sum(p.lat_steps) AS DOUBLE) / count(*)
    - CAST(sum(p.lon_steps) AS DOUBLE) / count(*) * CAST(sum(p.lon_steps) AS DOUBLE) / count(*) AS spread
FROM passing p
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand

-- @table timetable
-- Pairs of days in the same ten minutes of the day, and half of how far apart they were, squared, on average: on the same scale as the spread.
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.hand AS hand, CAST(count(*) AS BIGINT) AS pairs, CAST(count(DISTINCT a.day_at) AS BIGINT) + 1 AS timed_days,
  CAST(sum((a.lat_steps - b.lat_steps) * (a.lat_steps - b.lat_steps) + (a.lon_steps - b.lon_steps) * (a.lon_steps - b.lon_steps)) AS DOUBLE) / 2e0 / count(*) AS same_time_spread
FROM passing a
JOIN passing b ON b.plmn = a.plmn AND b.rat = a.rat AND b.cell_type = a.cell_type AND b.cell = a.cell AND b.hand = a.hand AND b.slot = a.slot AND b.day_at > a.day_at
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.hand

-- @result
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.kind AS kind, r.from_at AS from_at, r.to_at AS to_at,
  coalesce(c.height, 0e0) AS height, coalesce(c.width, 0e0) AS width, coalesce(c.north, 0e0) AS north, coalesce(c.spread, 0e0) AS spread,
  coalesce(t.pairs, 0) AS pairs, coalesce(t.timed_days, 0) AS timed_days, coalesce(t.same_time_spread, 0e0) AS same_time_spread
FROM rider r
LEFT JOIN corridor c ON c.plmn = r.plmn AND c.rat = r.rat AND c.cell_type = r.cell_type AND c.cell = r.cell AND c.hand = r.hand
LEFT JOIN timetable t ON t.plmn = r.plmn AND t.rat = r.rat AND t.cell_type = r.cell_type AND t.cell = r.cell AND t.hand = r.hand
WHERE r.kind = 'mobile' OR t.pairs > 0
