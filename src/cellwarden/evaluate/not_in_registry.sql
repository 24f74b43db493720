-- Cells that served on a day and that the registry, as it was recorded by then, does not have as active. Reads cell_day, equipment.

-- @table served
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, date_trunc('day', c.first_at) AS day_at,
  min(c.first_at) AS from_at, max(c.last_at) AS to_at
FROM cell_day c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, date_trunc('day', c.first_at)

-- @table version
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.day_at AS day_at, e.status AS status, e.valid_to AS valid_to, s.from_at AS from_at,
  row_number() OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.day_at ORDER BY e.recorded_at DESC, e.valid_from DESC, e.status, e.equipment_id) AS place
FROM served s
JOIN equipment e ON e.cell = s.cell AND e.cell_type = coalesce(s.cell_type, e.cell_type) AND e.recorded_at <= s.to_at AND e.valid_from <= s.to_at

-- @table listed
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.day_at AS day_at
FROM version v
WHERE v.place = 1 AND v.status = 'active' AND (v.valid_to IS NULL OR v.valid_to >= v.from_at)

-- @result
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.from_at AS from_at, s.to_at AS to_at, s.to_at AS known_at, 1e0 AS strength
FROM served s
LEFT JOIN listed l ON l.plmn = s.plmn AND l.rat = s.rat AND coalesce(l.cell_type, '') = coalesce(s.cell_type, '') AND l.cell = s.cell AND l.day_at = s.day_at
WHERE l.cell IS NULL
ORDER BY plmn, rat, cell_type NULLS FIRST, cell, from_at
