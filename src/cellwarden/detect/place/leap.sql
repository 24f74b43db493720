-- Home cells in two places at once, by their visitors' neighbours. Reads the steps neighbour and stride of sighting.sql, the same day.

-- @table standpoint
-- Where one visitor of a cell was in ten minutes: the middle of its neighbours, in whole steps of 1e-5 degrees (about a metre).
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, date_trunc('hour', n.at) AS hour_at,
  CAST(floor(extract(MINUTE FROM n.at) / 10) AS BIGINT) AS tenth, n.imsi AS imsi, min(n.at) AS first_at, max(n.at) AS last_at,
  CAST(sum(CAST(round(n.lat * 1e5) AS BIGINT)) AS DOUBLE) / count(*) / 1e5 AS lat, CAST(sum(CAST(round(n.lon * 1e5) AS BIGINT)) AS DOUBLE) / count(*) / 1e5 AS lon
FROM neighbour n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.source, date_trunc('hour', n.at), CAST(floor(extract(MINUTE FROM n.at) / 10) AS BIGINT), n.imsi

-- @table wide
-- Most cells are in one place: only ten minutes with distant visitors are looked into pair by pair.
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, p.hour_at AS hour_at, p.tenth AS tenth
FROM standpoint p
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.source, p.hour_at, p.tenth
HAVING count(*) >= 4 AND 111320e0 * ((max(p.lat) - min(p.lat)) + (max(p.lon) - min(p.lon))) >= :far_m

-- @table candidate_standpoint
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, p.hour_at AS hour_at, p.tenth AS tenth, p.imsi AS imsi,
  p.first_at AS first_at, p.last_at AS last_at, p.lat AS lat, p.lon AS lon
FROM standpoint p
JOIN wide w ON w.plmn = p.plmn AND w.rat = p.rat AND w.cell_type = p.cell_type AND w.cell = p.cell AND w.source = p.source AND w.hour_at = p.hour_at AND w.tenth = p.tenth

-- @table apart
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.hour_at AS hour_at, a.tenth AS tenth, a.imsi AS imsi,
  min(a.first_at) AS first_at, max(a.last_at) AS last_at, count(*) AS others,
  max(111320e0 * sqrt((a.lat - b.lat) * (a.lat - b.lat) + (a.lon - b.lon) * cos(radians(a.lat)) * (a.lon - b.lon) * cos(radians(a.lat)))) AS metres
FROM candidate_standpoint a
JOIN candidate_standpoint b ON b.plmn = a.plmn AND b.rat = a.rat AND b.cell_type = a.cell_type AND b.cell = a.cell AND b.source = a.source AND b.hour_at = a.hour_at AND b.tenth = a.tenth
  AND 111320e0 * sqrt((a.lat - b.lat) * (a.lat - b.lat) + (a.lon - b.lon) * cos(radians(a.lat)) * (a.lon - b.lon) * cos(radians(a.lat))) >= :far_m
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.source, a.hour_at, a.tenth, a.imsi

-- @table split
-- Two clusters: at least two visitors here, each of them far from at least two there.
SELECT x.plmn AS plmn, x.rat AS rat, x.cell_type AS cell_type, x.cell AS cell, x.source AS source, min(x.first_at) AS first_at, max(x.last_at) AS last_at,
  CAST(count(*) AS BIGINT) AS visitors, max(x.metres) AS metres
FROM apart x
WHERE x.others >= 2
GROUP BY x.plmn, x.rat, x.cell_type, x.cell, x.source, x.hour_at, x.tenth
HAVING count(*) >= 4

-- @table trip
-- A visitor that was on one placed cell before and on another one after the home cell.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, s.at AS at, s.before_at AS before_at, s.after_at AS after_at,
  111320e0 * sqrt((s.after_lat - s.before_lat) * (s.after_lat - s.before_lat)
    + (s.after_lon - s.before_lon) * cos(radians(s.after_lat)) * (s.after_lon - s.before_lon) * cos(radians(s.after_lat))) AS metres
FROM stride s
WHERE s.lat IS NULL AND s.before_lat IS NOT NULL AND s.after_lat IS NOT NULL AND s.before_at >= s.at - INTERVAL '10' MINUTE AND s.after_at <= s.at + INTERVAL '10' MINUTE

-- @result
SELECT x.plmn AS plmn, x.rat AS rat, x.cell_type AS cell_type, x.cell AS cell, x.source AS source, x.first_at AS first_at, x.last_at AS last_at, x.visitors AS apart,
  CAST(0 AS BIGINT) AS flights, x.metres AS metres
FROM split x
UNION ALL
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.source AS source, t.at AS first_at, t.at AS last_at, CAST(0 AS BIGINT) AS apart,
  CAST(1 AS BIGINT) AS flights, t.metres AS metres
FROM trip t
WHERE t.metres >= :far_m AND t.after_at < t.before_at + floor(t.metres / :fastest_m_s) * INTERVAL '1' SECOND
ORDER BY plmn, rat, cell_type, cell, source, first_at, last_at, apart, metres
