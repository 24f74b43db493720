-- Units that the registry calls active and that neither served a phone nor joined since an instant. Reads equipment, cell_day and links.

-- @table holding_now
SELECT r.equipment_id AS equipment_id, r.cell_type AS cell_type, r.cell AS cell, r.serial AS serial, r.status AS status, r.recorded_at AS recorded_at
FROM (
  SELECT e.equipment_id AS equipment_id, e.cell_type AS cell_type, e.cell AS cell, e.serial AS serial, e.status AS status, e.recorded_at AS recorded_at,
    e.kind AS kind,
    row_number() OVER (PARTITION BY e.equipment_id, e.cell ORDER BY e.recorded_at DESC, e.valid_from DESC, e.status, e.serial NULLS FIRST) AS rank
  FROM equipment e
  WHERE e.recorded_at <= :until AND (e.valid_to IS NULL OR e.valid_to > :until)
) r
WHERE r.rank = 1 AND r.status IN ('active', 'dormant') AND r.kind IN ('femto', 'small')

-- @table served
SELECT c.cell AS cell, max(c.last_at) AS last_at
FROM cell_day c
WHERE c.cell_type IS NULL OR c.cell_type = 'home'
GROUP BY c.cell

-- @table joined
SELECT l.cell AS cell, max(l.at) AS last_at
FROM links l
WHERE l.cell IS NOT NULL AND coalesce(l.result, 'ok') = 'ok'
GROUP BY l.cell

-- @result
SELECT h.equipment_id AS equipment_id, h.cell_type AS cell_type, h.cell AS cell, h.serial AS serial, h.status AS status,
  greatest(coalesce(s.last_at, TIMESTAMP '1970-01-01 00:00:00'), coalesce(j.last_at, TIMESTAMP '1970-01-01 00:00:00')) AS last_seen_at
FROM holding_now h
LEFT JOIN served s ON s.cell = h.cell
LEFT JOIN joined j ON j.cell = h.cell
WHERE greatest(coalesce(s.last_at, TIMESTAMP '1970-01-01 00:00:00'), coalesce(j.last_at, TIMESTAMP '1970-01-01 00:00:00')) < :since
ORDER BY equipment_id, cell
