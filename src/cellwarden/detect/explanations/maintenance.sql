-- Work on a cell: announced by the calendar, or shown by many cells that came back with the same new software within hours.

-- @table version_seen
SELECT l.cell AS cell, l.cell_type AS cell_type, l.plmn AS plmn, l.hand AS hand, l.software AS software, min(l.at) AS since_at
FROM link l
WHERE l.cell IS NOT NULL AND l.software IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'hems_inform')
GROUP BY l.cell, l.cell_type, l.plmn, l.hand, l.software

-- @table upgrade
-- A version that is not the hand's first.
SELECT u.cell AS cell, u.cell_type AS cell_type, u.plmn AS plmn, u.hand AS hand, u.software AS software, u.since_at AS since_at
FROM (
  SELECT s.cell AS cell, s.cell_type AS cell_type, s.plmn AS plmn, s.hand AS hand, s.software AS software, s.since_at AS since_at,
    row_number() OVER (PARTITION BY s.cell, s.cell_type, s.plmn, s.hand ORDER BY s.since_at, s.software) AS turn
  FROM version_seen s
) u
WHERE u.turn > 1

-- @table campaign
SELECT u.cell AS cell, u.cell_type AS cell_type, u.plmn AS plmn, u.hand AS hand, u.since_at AS since_at, CAST(count(DISTINCT o.cell) AS BIGINT) AS cells
FROM upgrade u
JOIN upgrade o ON o.software = u.software AND o.since_at >= u.since_at - INTERVAL '6' HOUR AND o.since_at <= u.since_at + INTERVAL '6' HOUR
GROUP BY u.cell, u.cell_type, u.plmn, u.hand, u.since_at

-- @table work
-- The calendar names a cell, or the core or gateway of many; a district's work cannot be told from others' by these records.
SELECT e.cell AS cell, e.from_at AS from_at, coalesce(e.to_at, e.from_at + INTERVAL '4' HOUR) AS to_at
FROM events e
WHERE e.kind IN ('maintenance', 'outage') AND e.cell IS NOT NULL AND e.from_at IS NOT NULL

-- @table worked
SELECT w.cell AS cell, CAST('' AS STRING) AS cell_type, CAST('' AS STRING) AS hand, w.from_at AS from_at, w.to_at AS to_at, CAST(1 AS BIGINT) AS cells, 1 AS announced
FROM work w
UNION ALL
SELECT c.cell AS cell, c.cell_type AS cell_type, c.hand AS hand, c.since_at - INTERVAL '1' HOUR AS from_at, c.since_at + INTERVAL '1' HOUR AS to_at, c.cells AS cells, 0 AS announced
FROM campaign c
WHERE c.cells >= :min_cells

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, w.from_at AS from_at, w.to_at AS to_at, w.cells AS cells,
  CAST(sum(v.events) AS BIGINT) AS day_events,
  CAST(sum(CASE WHEN v.hour_at + INTERVAL '1' HOUR > w.from_at AND v.hour_at <= w.to_at THEN v.events ELSE 0 END) AS BIGINT) AS work_events
FROM worked w
JOIN presence p ON p.cell = w.cell AND (w.announced = 1 OR (p.cell_type = w.cell_type AND p.serial_hand = w.hand)) AND date_trunc('day', p.first_at) = date_trunc('day', w.from_at)
JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.hand = p.hand AND r.first_at = p.first_at
JOIN visit_all v ON v.plmn = p.plmn AND v.rat = p.rat AND v.cell_type = p.cell_type AND v.cell = p.cell AND v.source = p.source AND date_trunc('day', v.hour_at) = date_trunc('day', p.first_at)
WHERE r.status = 'active'
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, w.from_at, w.to_at, w.announced, w.cells
