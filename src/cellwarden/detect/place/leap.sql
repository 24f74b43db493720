-- Home cells in two places at once, by their visitors' neighbours. Reads the steps neighbour and stride of sighting.sql, the same day.

-- @table standpoint
-- Where one visitor of a cell was in ten minutes: the middle of its neighbours, in whole steps of 1e-5 degrees (about a metre); and how many
-- seconds, at most, it had to come from there or to get there. Within ten minutes a difference of times of day is one of times.
SELECT n.place AS place, n.hour_at AS hour_at, n.tenth AS tenth, n.imsi AS imsi, min(n.at) AS first_at, max(n.at) AS last_at,
  max(least((n.second - n.near_second + 86400) % 86400, (n.near_second - n.second + 86400) % 86400)) AS way_s,
  CAST(sum(n.lat_steps) AS DOUBLE) / count(*) / 1e5 AS lat, CAST(sum(n.lon_steps) AS DOUBLE) / count(*) / 1e5 AS lon
FROM (
  SELECT x.place AS place, x.imsi AS imsi, x.at AS at, date_trunc('hour', x.at) AS hour_at, CAST(floor(extract(MINUTE FROM x.at) / 10) AS BIGINT) AS tenth,
    l.lat_steps AS lat_steps, l.lon_steps AS lon_steps,
    extract(HOUR FROM x.at) * 3600 + extract(MINUTE FROM x.at) * 60 + CAST(floor(extract(SECOND FROM x.at)) AS BIGINT) AS second,
    extract(HOUR FROM x.near_at) * 3600 + extract(MINUTE FROM x.near_at) * 60 + CAST(floor(extract(SECOND FROM x.near_at)) AS BIGINT) AS near_second
  FROM neighbour x
  JOIN place l ON l.place = x.near_place
) n
GROUP BY n.place, n.hour_at, n.tenth, n.imsi

-- @table wide
-- Most cells are in one place: only ten minutes with distant visitors are looked into pair by pair.
SELECT p.place AS place, p.hour_at AS hour_at, p.tenth AS tenth
FROM standpoint p
GROUP BY p.place, p.hour_at, p.tenth
HAVING count(*) >= 4 AND 111320e0 * ((max(p.lat) - min(p.lat)) + (max(p.lon) - min(p.lon))) >= :far_m

-- @table candidate_standpoint
SELECT p.place AS place, p.hour_at AS hour_at, p.tenth AS tenth, p.imsi AS imsi, p.first_at AS first_at, p.last_at AS last_at, p.way_s AS way_s, p.lat AS lat, p.lon AS lon
FROM standpoint p
JOIN wide w ON w.place = p.place AND w.hour_at = p.hour_at AND w.tenth = p.tenth

-- @table apart
-- Farther apart than masts reach and both could have driven since, or can drive until: a crowded place draws people from all sides.
SELECT a.place AS place, a.hour_at AS hour_at, a.tenth AS tenth, a.imsi AS imsi, min(a.first_at) AS first_at, max(a.last_at) AS last_at, count(*) AS others,
  max(111320e0 * sqrt((a.lat - b.lat) * (a.lat - b.lat) + (a.lon - b.lon) * cos(radians(a.lat)) * (a.lon - b.lon) * cos(radians(a.lat)))) AS metres
FROM candidate_standpoint a
JOIN candidate_standpoint b ON b.place = a.place AND b.hour_at = a.hour_at AND b.tenth = a.tenth
  AND 111320e0 * sqrt((a.lat - b.lat) * (a.lat - b.lat) + (a.lon - b.lon) * cos(radians(a.lat)) * (a.lon - b.lon) * cos(radians(a.lat))) >= :far_m + :drive_m_s * (a.way_s + b.way_s)
GROUP BY a.place, a.hour_at, a.tenth, a.imsi

-- @table split
-- Two clusters: at least two visitors here, each of them far from at least two there.
SELECT x.place AS place, min(x.first_at) AS first_at, max(x.last_at) AS last_at, CAST(count(*) AS BIGINT) AS visitors, max(x.metres) AS metres
FROM apart x
WHERE x.others >= 2
GROUP BY x.place, x.hour_at, x.tenth
HAVING count(*) >= 4

-- @table trip
-- A visitor that was on one placed cell before and on another one after the home cell.
SELECT s.place AS place, s.at AS at, s.before_at AS before_at, s.after_at AS after_at,
  111320e0 * sqrt((a.lat - b.lat) * (a.lat - b.lat) + (a.lon - b.lon) * cos(radians(a.lat)) * (a.lon - b.lon) * cos(radians(a.lat))) AS metres
FROM stride s
JOIN place p ON p.place = s.place AND p.lat IS NULL
JOIN place b ON b.place = s.before_place AND b.lat IS NOT NULL
JOIN place a ON a.place = s.after_place AND a.lat IS NOT NULL
WHERE s.before_at >= s.at - INTERVAL '10' MINUTE AND s.after_at <= s.at + INTERVAL '10' MINUTE

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, l.first_at AS first_at, l.last_at AS last_at, l.apart AS apart,
  l.flights AS flights, l.metres AS metres
FROM (
  SELECT x.place AS place, x.first_at AS first_at, x.last_at AS last_at, x.visitors AS apart, CAST(0 AS BIGINT) AS flights, x.metres AS metres
  FROM split x
  UNION ALL
  SELECT t.place AS place, t.at AS first_at, t.at AS last_at, CAST(0 AS BIGINT) AS apart, CAST(1 AS BIGINT) AS flights, t.metres AS metres
  FROM trip t
  WHERE t.metres >= :far_m AND t.after_at < t.before_at + floor(t.metres / :fastest_m_s) * INTERVAL '1' SECOND
) l
JOIN place p ON p.place = l.place
ORDER BY plmn, rat, cell_type, cell, source, first_at, last_at, apart, metres
