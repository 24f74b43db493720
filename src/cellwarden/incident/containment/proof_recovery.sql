-- What became of the units of a recovery list. Reads equipment, cell_day and links; listed is handed in.

-- @table status_after
SELECT v.equipment_id AS equipment_id, v.cell AS cell, v.status AS status
FROM (
  SELECT e.equipment_id AS equipment_id, e.cell AS cell, e.status AS status,
    row_number() OVER (PARTITION BY e.equipment_id, e.cell ORDER BY e.recorded_at DESC, e.valid_from DESC, e.status) AS rank
  FROM equipment e
  JOIN listed l ON l.equipment_id = e.equipment_id AND l.cell = e.cell
  WHERE e.recorded_at > :since AND e.recorded_at <= :until
) v
WHERE v.rank = 1

-- @table woken
SELECT DISTINCT l.equipment_id AS equipment_id, l.cell AS cell
FROM listed l
JOIN (
  SELECT c.cell AS cell, c.cell_type AS cell_type, c.last_at AS seen_at FROM cell_day c
  UNION ALL
  SELECT k.cell AS cell, k.cell_type AS cell_type, k.at AS seen_at FROM links k WHERE k.cell IS NOT NULL AND coalesce(k.result, 'ok') = 'ok'
) s ON s.cell = l.cell AND (s.cell_type IS NULL OR l.cell_type IS NULL OR s.cell_type = l.cell_type) AND s.seen_at > :since AND s.seen_at <= :until

-- @result
SELECT (SELECT max(e.recorded_at) AS last_at FROM equipment e WHERE e.recorded_at <= :until) AS registry_to,
  (SELECT max(c.last_at) AS last_at FROM cell_day c WHERE c.first_at <= :until) AS records_to,
  coalesce(a.status, 'unchanged') AS status, CAST(count(*) AS BIGINT) AS units,
  CAST(sum(CASE WHEN w.cell IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS woken
FROM listed l
LEFT JOIN status_after a ON a.equipment_id = l.equipment_id AND a.cell = l.cell
LEFT JOIN woken w ON w.equipment_id = l.equipment_id AND w.cell = l.cell
GROUP BY coalesce(a.status, 'unchanged')
ORDER BY status
