-- Registered macro cells that had far more people than on their other days, together with their neighbours.

-- @table crowd_day
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, p.tac AS tac, p.first_at AS first_at, p.last_at AS last_at,
  date_trunc('day', p.first_at) AS day_at, p.subscribers AS subscribers, p.openings AS openings, least(p.identified, p.openings) AS identified
FROM registered r
JOIN presence p ON p.plmn = r.plmn AND p.rat = r.rat AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.source = r.source AND p.hand = r.hand AND p.first_at = r.first_at
WHERE r.status = 'active' AND r.cell_type IN ('macro', 'short_macro', 'long_macro', 'gnb')

-- @table crowd_usual
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, CAST(sum(c.subscribers) AS BIGINT) AS subscribers, CAST(count(*) AS BIGINT) AS served_days
FROM crowd_day c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell

-- @table share_usual
SELECT c.rat AS rat, CAST(sum(c.openings) AS BIGINT) AS openings, CAST(sum(c.identified) AS BIGINT) AS identified
FROM crowd_day c
GROUP BY c.rat

-- @table spike
-- Against the cell's other days; of a cell with a single day nothing can be said.
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.tac AS tac, c.first_at AS first_at, c.last_at AS last_at, c.day_at AS day_at,
  c.subscribers AS subscribers, (u.subscribers - c.subscribers) / CAST(u.served_days - 1 AS DOUBLE) AS usual, c.openings AS openings, c.identified AS identified
FROM crowd_day c
JOIN crowd_usual u ON u.plmn = c.plmn AND u.rat = c.rat AND u.cell_type = c.cell_type AND u.cell = c.cell
WHERE u.served_days >= :min_days AND c.subscribers >= :min_people AND c.subscribers * (u.served_days - 1) >= :min_ratio * (u.subscribers - c.subscribers)

-- @table gathering
SELECT s.tac AS tac, s.day_at AS day_at, CAST(count(DISTINCT s.cell) AS BIGINT) AS cells
FROM spike s
GROUP BY s.tac, s.day_at

-- @table festive
SELECT DISTINCT g.tac AS tac, g.day_at AS day_at
FROM gathering g
JOIN events e ON e.kind = 'festival' AND e.from_at < g.day_at + INTERVAL '1' DAY AND coalesce(e.to_at, e.from_at) >= g.day_at

-- @result
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.first_at AS from_at, s.last_at AS to_at, s.subscribers AS subscribers, s.usual AS usual,
  g.cells AS cells, s.openings AS openings, s.identified AS identified, u.openings - s.openings AS usual_openings, u.identified - s.identified AS usual_identified
FROM spike s
JOIN gathering g ON g.tac = s.tac AND g.day_at = s.day_at
JOIN share_usual u ON u.rat = s.rat
LEFT JOIN festive f ON f.tac = s.tac AND f.day_at = s.day_at
WHERE g.cells >= :min_cells OR (f.tac IS NOT NULL AND g.cells >= :min_cells_announced)
