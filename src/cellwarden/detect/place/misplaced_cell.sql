-- Cell-days whose visitors' neighbours are far from where the registry says that the cell is installed. Reads sighting_all.

-- @table seen_place
-- A day's place is the median over its ten-minute sightings; one of them may be a mast beyond the river.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, date_trunc('day', s.hour_at) AS day_at,
  median(s.lat) AS lat, median(s.lon) AS lon, CAST(sum(s.visitors) AS BIGINT) AS visitors
FROM sighting_all s
WHERE s.visitors >= :min_visitors
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.source, date_trunc('day', s.hour_at)
HAVING count(*) >= :min_sightings

-- @table displaced
-- A degree of latitude is 111.32 km (WGS84, rounded); good to a percent within a city.
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.source AS source, r.hand AS hand, r.first_at AS from_at, r.last_at AS to_at, s.visitors AS visitors,
  CASE WHEN r.status = 'active' THEN 1 ELSE 0 END AS is_active,
  111320e0 * sqrt((s.lat - r.lat) * (s.lat - r.lat) + (s.lon - r.lon) * cos(radians(r.lat)) * (s.lon - r.lon) * cos(radians(r.lat))) AS metres
FROM seen_place s
JOIN registered r ON r.plmn = s.plmn AND r.rat = s.rat AND r.cell_type = s.cell_type AND r.cell = s.cell AND r.source = s.source AND date_trunc('day', r.first_at) = s.day_at
WHERE r.lat IS NOT NULL AND r.lon IS NOT NULL AND r.kind <> 'mobile'

-- @table cell_distance
SELECT d.plmn AS plmn, d.cell_type AS cell_type, d.cell AS cell, median(d.metres) AS metres FROM displaced d WHERE d.is_active = 1 GROUP BY d.plmn, d.cell_type, d.cell

-- @table typical
SELECT CAST(count(*) AS BIGINT) AS cells, median(c.metres) AS metres FROM cell_distance c

-- @table reach
-- How far a cell may seem to be from its place: some times what is typical of this operator's masts, where enough cells show it.
SELECT t.cells AS cells, t.metres AS metres,
  CASE WHEN t.cells >= :least_cells THEN greatest(CAST(:min_distance_m AS DOUBLE), :typical_ratio * t.metres) ELSE CAST(:min_distance_m AS DOUBLE) END AS floor_m
FROM typical t

-- @table beyond
SELECT CAST(count(DISTINCT d.cell) AS BIGINT) AS seen
FROM displaced d
JOIN reach w ON d.metres >= w.floor_m
WHERE d.is_active = 1

-- @result
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.source AS source, d.hand AS hand, d.from_at AS from_at, d.to_at AS to_at,
  d.visitors AS visitors, d.metres AS metres, w.metres AS typical_m, b.seen AS seen, w.cells AS among
FROM displaced d
JOIN reach w ON d.metres >= w.floor_m
CROSS JOIN beyond b
