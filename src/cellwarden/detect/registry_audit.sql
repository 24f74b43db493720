-- The registry asked who wrote what: every row with its marks, and how many of each hand's rows carry which. Reads equipment_version, link
-- and cell_day of base.sql, and local_clock: from which instant until which the operator's clocks were how many seconds ahead of UTC.

-- @table registry_row
SELECT DISTINCT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, v.equipment_id AS equipment_id, v.kind AS kind, v.status AS status,
  v.valid_from AS valid_from, v.recorded_at AS recorded_at, coalesce(v.recorded_by, '') AS recorded_by, v.work_order AS work_order,
  v.access_line AS access_line, v.lat AS lat, CAST(extract(HOUR FROM v.recorded_at + z.ahead_s * INTERVAL '1' SECOND) AS BIGINT) AS local_hour
FROM equipment_version v
JOIN local_clock z ON v.recorded_at >= z.from_at AND v.recorded_at < z.until_at

-- @table registry_import
-- Many rows by one hand within an hour: nobody types that fast.
SELECT r.recorded_by AS recorded_by, date_trunc('hour', r.recorded_at) AS hour_at, CAST(count(*) AS BIGINT) AS row_count
FROM registry_row r
GROUP BY r.recorded_by, date_trunc('hour', r.recorded_at)
HAVING count(*) >= :import_rows

-- @table typed_hour
-- Hours of the operator's day at which rows are written by hand, in UTC days and nights of no meaning here.
SELECT r.local_hour AS local_hour, CAST(count(*) AS BIGINT) AS row_count
FROM registry_row r
LEFT JOIN registry_import i ON i.recorded_by = r.recorded_by AND i.hour_at = date_trunc('hour', r.recorded_at)
WHERE i.hour_at IS NULL
GROUP BY r.local_hour

-- @table typed
SELECT coalesce(CAST(sum(h.row_count) AS BIGINT), 0) AS row_count FROM typed_hour h

-- @table around_typed_hour
SELECT a.local_hour AS local_hour, CAST(sum(b.row_count) AS BIGINT) AS row_count
FROM typed_hour a
JOIN typed_hour b ON (b.local_hour - a.local_hour + 24) % 24 IN (0, 1, 23)
GROUP BY a.local_hour

-- @table registry_past
-- What the registry said of that cell before the row.
SELECT r.plmn AS plmn, r.cell_type AS cell_type, r.cell AS cell, r.equipment_id AS equipment_id, r.kind AS kind, r.status AS status,
  r.valid_from AS valid_from, r.recorded_at AS recorded_at, r.recorded_by AS recorded_by, r.work_order AS work_order,
  r.access_line AS access_line, r.lat AS lat, r.local_hour AS local_hour,
  lag(r.status) OVER (PARTITION BY r.plmn, r.cell_type, r.cell
    ORDER BY r.recorded_at, r.valid_from, r.equipment_id, r.status, r.work_order NULLS FIRST, r.access_line NULLS FIRST, r.lat NULLS FIRST) AS status_before
FROM registry_row r

-- @table audit_day
SELECT DISTINCT date_trunc('day', c.first_at) AS day_at FROM cell_day c

-- @table on_air_sign
SELECT c.plmn AS plmn, c.cell AS cell, c.first_at AS seen_at FROM cell_day c
UNION ALL
SELECT l.plmn AS plmn, l.cell AS cell, l.at AS seen_at FROM link l WHERE l.cell IS NOT NULL

-- @table backdated_row
-- In service long before anybody wrote it down: whole days of records within that time, and whether the cell shows in any of them.
SELECT b.plmn AS plmn, b.cell AS cell, b.valid_from AS valid_from, b.recorded_at AS recorded_at, b.days AS days,
  CASE WHEN count(s.seen_at) > 0 THEN 1 ELSE 0 END AS is_borne
FROM (
  SELECT r.plmn AS plmn, r.cell AS cell, r.valid_from AS valid_from, r.recorded_at AS recorded_at, count(DISTINCT d.day_at) AS days
  FROM registry_row r
  LEFT JOIN audit_day d ON d.day_at >= r.valid_from AND d.day_at + INTERVAL '1' DAY <= r.recorded_at
  WHERE r.status = 'active' AND r.recorded_at > r.valid_from + :backdated_days * INTERVAL '1' DAY
  GROUP BY r.plmn, r.cell, r.valid_from, r.recorded_at
) b
LEFT JOIN on_air_sign s ON s.plmn = b.plmn AND s.cell = b.cell AND s.seen_at >= b.valid_from AND s.seen_at < b.recorded_at
GROUP BY b.plmn, b.cell, b.valid_from, b.recorded_at, b.days

-- @table marked_row
SELECT p.plmn AS plmn, p.cell_type AS cell_type, p.cell AS cell, p.equipment_id AS equipment_id, p.kind AS kind, p.status AS status,
  p.valid_from AS valid_from, p.recorded_at AS recorded_at, p.recorded_by AS recorded_by, i.hour_at AS import_at,
  CASE WHEN p.work_order IS NULL THEN 1 ELSE 0 END AS no_order,
  CASE WHEN p.recorded_at > p.valid_from + :backdated_days * INTERVAL '1' DAY THEN 1 ELSE 0 END AS backdated,
  CASE WHEN b.is_borne = 0 AND b.days >= :covered_days THEN 1 ELSE 0 END AS never_seen,
  CASE WHEN p.status = 'active' AND p.status_before IN ('deleted', 'scrapped', 'lost') THEN 1 ELSE 0 END AS revived,
  CASE WHEN t.row_count >= :min_rows AND coalesce(a.row_count, 0) - CASE WHEN i.hour_at IS NULL THEN 1 ELSE 0 END < :rare_share * t.row_count
    THEN 1 ELSE 0 END AS off_hours,
  CASE WHEN p.status = 'active' AND p.kind = 'femto' AND p.access_line IS NULL AND p.lat IS NULL THEN 1 ELSE 0 END AS nowhere
FROM registry_past p
CROSS JOIN typed t
LEFT JOIN around_typed_hour a ON a.local_hour = p.local_hour
LEFT JOIN registry_import i ON i.recorded_by = p.recorded_by AND i.hour_at = date_trunc('hour', p.recorded_at)
LEFT JOIN backdated_row b ON b.plmn = p.plmn AND b.cell = p.cell AND b.valid_from = p.valid_from AND b.recorded_at = p.recorded_at AND p.status = 'active'

-- @table import_habit
-- A mark that most rows of an import carry is of the import, not of the row.
SELECT m.recorded_by AS recorded_by, m.import_at AS import_at, CAST(count(*) AS BIGINT) AS row_count,
  CASE WHEN 2 * sum(m.no_order) > count(*) THEN 1 ELSE 0 END AS no_order, CASE WHEN 2 * sum(m.backdated) > count(*) THEN 1 ELSE 0 END AS backdated,
  CASE WHEN 2 * sum(m.never_seen) > count(*) THEN 1 ELSE 0 END AS never_seen, CASE WHEN 2 * sum(m.revived) > count(*) THEN 1 ELSE 0 END AS revived,
  CASE WHEN 2 * sum(m.off_hours) > count(*) THEN 1 ELSE 0 END AS off_hours, CASE WHEN 2 * sum(m.nowhere) > count(*) THEN 1 ELSE 0 END AS nowhere
FROM marked_row m
WHERE m.import_at IS NOT NULL
GROUP BY m.recorded_by, m.import_at

-- @table audited_row
SELECT m.plmn AS plmn, m.cell_type AS cell_type, m.cell AS cell, m.equipment_id AS equipment_id, m.kind AS kind, m.status AS status,
  m.valid_from AS valid_from, m.recorded_at AS recorded_at, m.recorded_by AS recorded_by, CAST(extract(YEAR FROM m.recorded_at) AS BIGINT) AS year,
  m.no_order * (1 - coalesce(h.no_order, 0)) AS no_order, m.backdated * (1 - coalesce(h.backdated, 0)) AS backdated,
  m.never_seen * (1 - coalesce(h.never_seen, 0)) AS never_seen, m.revived * (1 - coalesce(h.revived, 0)) AS revived,
  m.off_hours * (1 - coalesce(h.off_hours, 0)) AS off_hours, m.nowhere * (1 - coalesce(h.nowhere, 0)) AS nowhere
FROM marked_row m
LEFT JOIN import_habit h ON h.recorded_by = m.recorded_by AND h.import_at = m.import_at

-- @result
-- By kind of equipment and year, since neither the old rows nor the masts of one hand are another hand's fault.
SELECT r.recorded_by AS recorded_by, r.kind AS kind, r.year AS year, CAST(count(*) AS BIGINT) AS row_count,
  CAST(sum(r.no_order) AS BIGINT) AS no_order, CAST(sum(r.backdated) AS BIGINT) AS backdated, CAST(sum(r.never_seen) AS BIGINT) AS never_seen,
  CAST(sum(r.revived) AS BIGINT) AS revived, CAST(sum(r.off_hours) AS BIGINT) AS off_hours, CAST(sum(r.nowhere) AS BIGINT) AS nowhere
FROM audited_row r
GROUP BY r.recorded_by, r.kind, r.year
ORDER BY r.recorded_by, r.kind, r.year
