-- Registry rows that let a cell serve and that nobody ordered, with what else is unusual about them and how usual that is in this registry.

-- @table active_row
SELECT DISTINCT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, v.equipment_id AS equipment_id, v.kind AS kind, v.valid_from AS valid_from,
  v.recorded_at AS recorded_at, v.recorded_by AS recorded_by, v.access_line AS access_line, v.work_order AS work_order, extract(HOUR FROM v.recorded_at) AS hour
FROM equipment_version v
WHERE v.status = 'active'

-- @table row_count
SELECT CAST(count(*) AS BIGINT) AS row_count FROM active_row r

-- @table hour_habit
SELECT r.hour AS hour, CAST(count(*) AS BIGINT) AS row_count FROM active_row r GROUP BY r.hour

-- @table around_hour
-- Rows recorded within an hour of that time of day: day and night without a time zone, which summer time blurs by an hour.
SELECT a.hour AS hour, CAST(sum(b.row_count) AS BIGINT) AS row_count
FROM hour_habit a
JOIN hour_habit b ON (b.hour - a.hour + 24) % 24 IN (0, 1, 23)
GROUP BY a.hour

-- @table hand_habit
SELECT r.recorded_by AS recorded_by, CAST(count(*) AS BIGINT) AS row_count FROM active_row r WHERE r.recorded_by IS NOT NULL GROUP BY r.recorded_by

-- @table trait
-- Whose hour and whose hand are rare is asked of the other rows; a registry too small to have habits has none.
SELECT r.plmn AS plmn, r.cell_type AS cell_type, r.cell AS cell, r.equipment_id AS equipment_id, r.valid_from AS valid_from, r.recorded_at AS recorded_at,
  CASE WHEN r.work_order IS NULL THEN 1 ELSE 0 END AS no_order,
  CASE WHEN r.kind = 'femto' AND r.access_line IS NULL THEN 1 ELSE 0 END AS no_line,
  CASE WHEN r.recorded_at > r.valid_from + :backdated_days * INTERVAL '1' DAY THEN 1 ELSE 0 END AS backdated,
  CASE WHEN n.row_count >= :min_rows AND a.row_count - 1 < :rare_share * n.row_count THEN 1 ELSE 0 END AS odd_hour,
  CASE WHEN n.row_count >= :min_rows AND h.row_count - 1 < :rare_share * n.row_count THEN 1 ELSE 0 END AS odd_hand
FROM active_row r
JOIN row_count n ON n.row_count > 0
JOIN around_hour a ON a.hour = r.hour
LEFT JOIN hand_habit h ON h.recorded_by = r.recorded_by

-- @table habit
SELECT t.cell_type AS cell_type, t.no_order AS no_order, t.no_line AS no_line, t.backdated AS backdated, t.odd_hour AS odd_hour, t.odd_hand AS odd_hand,
  CAST(count(*) AS BIGINT) AS row_count
FROM trait t
GROUP BY t.cell_type, t.no_order, t.no_line, t.backdated, t.odd_hour, t.odd_hand

-- @table governing
-- The row that a presence went by, as it was known then.
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, g.first_at AS first_at, g.last_at AS last_at,
  g.equipment_id AS equipment_id, g.valid_from AS valid_from, g.recorded_at AS recorded_at, g.status AS status
FROM (
  SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.first_at AS first_at, p.last_at AS last_at,
    v.equipment_id AS equipment_id, v.valid_from AS valid_from, v.recorded_at AS recorded_at, v.status AS status,
    row_number() OVER (PARTITION BY p.plmn, p.rat, p.cell_type, p.cell, p.source, p.hand, p.first_at
      ORDER BY v.recorded_at DESC, v.valid_from DESC, v.status, v.equipment_id, v.work_order NULLS LAST) AS rank
  FROM presence p
  JOIN equipment_version v ON v.plmn = p.plmn AND v.cell_type = p.cell_type AND v.cell = p.cell
    AND v.recorded_at <= p.last_at AND v.valid_from <= p.last_at AND (v.valid_to IS NULL OR v.valid_to > p.last_at)
) g
WHERE g.rank = 1 AND g.status = 'active'

-- @table on_air_before
-- A row that came only after the cell was on air is another matter: the cell was unregistered then, and one lapse must not count twice.
SELECT DISTINCT t.plmn AS plmn, t.cell_type AS cell_type, t.cell AS cell, t.equipment_id AS equipment_id, t.valid_from AS valid_from, t.recorded_at AS recorded_at
FROM trait t
JOIN presence p ON p.plmn = t.plmn AND p.cell_type = t.cell_type AND p.cell = t.cell AND p.last_at >= t.valid_from AND p.first_at < t.recorded_at
LEFT JOIN equipment_version v ON v.plmn = p.plmn AND v.cell_type = p.cell_type AND v.cell = p.cell AND v.status = 'active'
  AND v.recorded_at <= p.last_at AND v.valid_from <= p.last_at AND (v.valid_to IS NULL OR v.valid_to > p.last_at)
WHERE t.no_order = 1 AND v.cell IS NULL

-- @table unordered
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, t.recorded_at AS recorded_at, t.no_order AS no_order, t.no_line AS no_line,
  t.backdated AS backdated, t.odd_hour AS odd_hour, t.odd_hand AS odd_hand, min(g.first_at) AS from_at, max(g.last_at) AS to_at
FROM governing g
JOIN trait t ON t.plmn = g.plmn AND t.cell_type = g.cell_type AND t.cell = g.cell AND t.equipment_id = g.equipment_id
  AND t.valid_from = g.valid_from AND t.recorded_at = g.recorded_at
LEFT JOIN on_air_before o ON o.plmn = t.plmn AND o.cell_type = t.cell_type AND o.cell = t.cell AND o.equipment_id = t.equipment_id
  AND o.valid_from = t.valid_from AND o.recorded_at = t.recorded_at
WHERE t.no_order = 1 AND o.cell IS NULL
GROUP BY g.plmn, g.rat, g.cell_type, g.cell, t.recorded_at, t.no_order, t.no_line, t.backdated, t.odd_hour, t.odd_hand

-- @result
-- seen: rows of this kind of cell with all that is unusual about this one; among: rows of this kind of cell. A registry in which most rows
-- have no order does not keep them.
SELECT u.plmn AS plmn, u.rat AS rat, u.cell_type AS cell_type, u.cell AS cell, u.from_at AS from_at, u.to_at AS to_at, u.recorded_at AS recorded_at,
  CAST(u.no_line AS BIGINT) AS no_line, CAST(u.backdated AS BIGINT) AS backdated, CAST(u.odd_hour AS BIGINT) AS odd_hour, CAST(u.odd_hand AS BIGINT) AS odd_hand,
  CAST(sum(CASE WHEN h.no_order >= u.no_order AND h.no_line >= u.no_line AND h.backdated >= u.backdated AND h.odd_hour >= u.odd_hour AND h.odd_hand >= u.odd_hand
    THEN h.row_count ELSE 0 END) AS BIGINT) AS seen, CAST(sum(h.row_count) AS BIGINT) AS among
FROM unordered u
JOIN habit h ON h.cell_type = u.cell_type
GROUP BY u.plmn, u.rat, u.cell_type, u.cell, u.from_at, u.to_at, u.recorded_at, u.no_line, u.backdated, u.odd_hour, u.odd_hand
HAVING 2 * sum(h.no_order * h.row_count) < sum(h.row_count)
