-- Hours in which most cells of a security gateway joined again at once, and how much of each cell's day fell into them.

-- @table joining
SELECT l.gateway AS gateway, l.cell AS cell, l.cell_type AS cell_type, l.plmn AS plmn, l.hand AS hand, l.at AS at
FROM link l
WHERE l.gateway IS NOT NULL AND l.cell IS NOT NULL AND l.event IN ('ike_up', 's1_setup') AND coalesce(l.result, 'ok') = 'ok'

-- @table known_before
-- A cell joins again if the same hand had joined through this gateway at least an hour before.
SELECT j.gateway AS gateway, j.cell AS cell, j.cell_type AS cell_type, j.plmn AS plmn, j.hand AS hand, min(j.at) AS first_joined_at
FROM joining j
GROUP BY j.gateway, j.cell, j.cell_type, j.plmn, j.hand

-- @table rejoining
SELECT DISTINCT j.gateway AS gateway, j.cell AS cell, j.cell_type AS cell_type, j.plmn AS plmn, j.hand AS hand, date_trunc('hour', j.at) AS hour_at
FROM joining j
JOIN known_before b ON b.gateway = j.gateway AND b.cell = j.cell AND b.cell_type = j.cell_type AND b.plmn = j.plmn AND b.hand = j.hand
  AND b.first_joined_at + INTERVAL '1' HOUR <= j.at

-- @table gateway_hour
SELECT r.gateway AS gateway, r.hour_at AS hour_at, CAST(count(DISTINCT r.cell) AS BIGINT) AS cells
FROM rejoining r
GROUP BY r.gateway, r.hour_at

-- @table gateway_size
SELECT b.gateway AS gateway, CAST(count(DISTINCT b.cell) AS BIGINT) AS known_cells
FROM known_before b
GROUP BY b.gateway

-- @table announced_hour
SELECT DISTINCT g.gateway AS gateway, g.hour_at AS hour_at
FROM gateway_hour g
JOIN events e ON e.kind = 'gateway_restart' AND e.gateway = g.gateway AND e.from_at < g.hour_at + INTERVAL '1' HOUR AND coalesce(e.to_at, e.from_at) >= g.hour_at

-- @table restart
SELECT g.gateway AS gateway, g.hour_at AS hour_at, g.cells AS cells, s.known_cells AS known_cells
FROM gateway_hour g
JOIN gateway_size s ON s.gateway = g.gateway
LEFT JOIN announced_hour a ON a.gateway = g.gateway AND a.hour_at = g.hour_at
WHERE (g.cells >= :min_cells AND g.cells >= :min_share_of_cells * s.known_cells) OR (a.gateway IS NOT NULL AND g.cells >= :min_cells_announced)

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, t.gateway AS gateway, t.hour_at AS from_at, t.hour_at + INTERVAL '2' HOUR AS to_at,
  t.cells AS cells, t.known_cells AS known_cells, CAST(sum(v.events) AS BIGINT) AS day_events,
  CAST(sum(CASE WHEN v.hour_at >= t.hour_at AND v.hour_at < t.hour_at + INTERVAL '2' HOUR THEN v.events ELSE 0 END) AS BIGINT) AS restart_events
FROM restart t
JOIN rejoining r ON r.gateway = t.gateway AND r.hour_at = t.hour_at
JOIN presence p ON p.plmn = r.plmn AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.serial_hand = r.hand AND date_trunc('day', p.first_at) = date_trunc('day', t.hour_at)
JOIN visit_all v ON v.plmn = p.plmn AND v.rat = p.rat AND v.cell_type = p.cell_type AND v.cell = p.cell AND v.source = p.source AND date_trunc('day', v.hour_at) = date_trunc('day', t.hour_at)
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, t.gateway, t.hour_at, t.cells, t.known_cells
