-- Where home cells were, from the neighbours of their visitors: the placed macro cells that a visitor was on within ten minutes
-- before or after. Reads access_day, one UTC day. `neighbour` is one row a (visitor's step between a home cell and a placed cell).

-- @table placed
SELECT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, max(v.lat) AS lat, max(v.lon) AS lon
FROM equipment_version v
WHERE v.lat IS NOT NULL AND v.lon IS NOT NULL AND v.kind <> 'mobile' AND v.cell_type IN ('macro', 'gnb', 'short_macro', 'long_macro')
GROUP BY v.plmn, v.cell_type, v.cell

-- @table visitor
SELECT DISTINCT a.imsi AS imsi
FROM access_day a
LEFT JOIN placed c ON c.plmn = a.plmn AND c.cell = a.cell
WHERE a.imsi IS NOT NULL AND (coalesce(a.cell_type, '') = 'home' OR c.cell IS NULL)

-- @table walk
SELECT a.imsi AS imsi, a.at AS at, a.plmn AS plmn, a.rat AS rat, coalesce(a.cell_type, k.cell_type, '') AS cell_type, a.cell AS cell,
  coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)) AS source, c.lat AS lat, c.lon AS lon
FROM access_day a
JOIN visitor v ON v.imsi = a.imsi
LEFT JOIN cell_kind k ON k.plmn = a.plmn AND k.cell = a.cell
LEFT JOIN placed c ON c.plmn = a.plmn AND c.cell_type = coalesce(a.cell_type, k.cell_type, '') AND c.cell = a.cell

-- @table stride
SELECT w.imsi AS imsi, w.at AS at, w.plmn AS plmn, w.rat AS rat, w.cell_type AS cell_type, w.cell AS cell, w.source AS source, w.lat AS lat, w.lon AS lon,
  lag(w.at) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS before_at,
  lag(w.cell) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS before_cell,
  lag(w.lat) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS before_lat,
  lag(w.lon) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS before_lon,
  lead(w.at) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS after_at,
  lead(w.cell) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS after_cell,
  lead(w.lat) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS after_lat,
  lead(w.lon) OVER (PARTITION BY w.imsi ORDER BY w.at, w.cell, w.source) AS after_lon
FROM walk w

-- @table neighbour
SELECT s.imsi AS imsi, s.at AS at, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source,
  s.before_cell AS near_cell, s.before_lat AS lat, s.before_lon AS lon
FROM stride s
WHERE s.lat IS NULL AND s.before_lat IS NOT NULL AND s.before_at >= s.at - INTERVAL '10' MINUTE
UNION ALL
SELECT s.imsi AS imsi, s.at AS at, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source,
  s.after_cell AS near_cell, s.after_lat AS lat, s.after_lon AS lon
FROM stride s
WHERE s.lat IS NULL AND s.after_lat IS NOT NULL AND s.after_at <= s.at + INTERVAL '10' MINUTE

-- @table stepped
-- Places in whole steps of 1e-5 degrees (about a metre): sums of whole numbers do not depend on the order in which threads add them.
SELECT n.imsi AS imsi, n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, n.lat AS lat, n.lon AS lon,
  date_trunc('hour', n.at) AS hour_at, CAST(floor(extract(MINUTE FROM n.at) / 10) AS BIGINT) AS tenth,
  CAST(round(n.lat * 1e5) AS BIGINT) AS lat_steps, CAST(round(n.lon * 1e5) AS BIGINT) AS lon_steps
FROM neighbour n

-- @result
SELECT o.plmn AS plmn, o.rat AS rat, o.cell_type AS cell_type, o.cell AS cell, o.source AS source, o.hour_at AS hour_at, o.tenth AS tenth,
  median(o.lat) AS lat, median(o.lon) AS lon,
  sqrt(greatest(0e0, CAST(sum(o.lat_steps * o.lat_steps) AS DOUBLE) / count(*) - CAST(sum(o.lat_steps) AS DOUBLE) / count(*) * CAST(sum(o.lat_steps) AS DOUBLE) / count(*))) / 1e5 AS lat_spread,
  sqrt(greatest(0e0, CAST(sum(o.lon_steps * o.lon_steps) AS DOUBLE) / count(*) - CAST(sum(o.lon_steps) AS DOUBLE) / count(*) * CAST(sum(o.lon_steps) AS DOUBLE) / count(*))) / 1e5 AS lon_spread,
  CAST(count(DISTINCT o.imsi) AS BIGINT) AS visitors
FROM stepped o
GROUP BY o.plmn, o.rat, o.cell_type, o.cell, o.source, o.hour_at, o.tenth
