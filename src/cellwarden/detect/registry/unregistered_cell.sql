-- Cells that served phones although the registry, as it was known that day, did not let them; and equipment that set up likewise.

-- @table cell_standing
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell,
  coalesce(r.status, 'never issued') AS standing,
  CASE WHEN r.valid_from > r.first_at THEN r.valid_from ELSE r.first_at END AS from_at, r.last_at AS to_at,
  CASE WHEN r.recorded_at > r.first_at THEN r.recorded_at ELSE r.first_at END AS known_at
FROM registered r
WHERE r.status IS NULL OR r.status IN ('deleted', 'lost', 'scrapped', 'recovered', 'planned')

-- @table fleet
-- On a usual day: ids that live for a night are many in the end, and must not make each other common.
SELECT f.plmn AS plmn, f.cell_type AS cell_type, CAST(sum(f.cells) AS DOUBLE) / count(*) AS cells, CAST(sum(f.unregistered) AS DOUBLE) / count(*) AS unregistered
FROM (
  SELECT r.plmn AS plmn, r.cell_type AS cell_type, date_trunc('day', r.first_at) AS day_at, count(DISTINCT r.cell) AS cells,
    count(DISTINCT CASE WHEN r.status IS NULL OR r.status IN ('deleted', 'lost', 'scrapped', 'recovered', 'planned') THEN r.cell END) AS unregistered
  FROM registered r
  GROUP BY r.plmn, r.cell_type, date_trunc('day', r.first_at)
) f
GROUP BY f.plmn, f.cell_type

-- @table joined
-- A setup names an eNB: all 28 bits of a home one, 20 of a macro one (TS 36.413, 9.2.1.37), 22 to 32 of a gNB (TS 38.413, 9.3.1.6).
SELECT l.plmn AS plmn, l.cell_type AS cell_type, l.cell AS cell, min(l.at) AS from_at, max(l.at) AS to_at,
  CASE WHEN l.cell_type = 'macro' THEN 256 WHEN l.cell_type = 'gnb' THEN 16384 WHEN l.cell_type = 'short_macro' THEN 1024
    WHEN l.cell_type = 'long_macro' THEN 128 ELSE 1 END AS width
FROM link l
WHERE l.cell IS NOT NULL AND l.event = 's1_setup'
GROUP BY l.plmn, l.cell_type, l.cell

-- @table joined_standing
SELECT j.plmn AS plmn, j.cell_type AS cell_type, j.cell AS cell, j.from_at AS from_at, j.to_at AS to_at, v.status AS status,
  row_number() OVER (PARTITION BY j.plmn, j.cell_type, j.cell ORDER BY CASE WHEN v.status IS NULL THEN 1 ELSE 0 END, v.recorded_at DESC, v.valid_from DESC, v.cell) AS rank
FROM joined j
LEFT JOIN equipment_version v ON v.plmn = j.plmn AND v.cell_type = j.cell_type AND floor(v.cell / j.width) = floor(j.cell / j.width)
  AND v.recorded_at <= j.to_at AND v.valid_from <= j.to_at AND (v.valid_to IS NULL OR v.valid_to > j.to_at)

-- @result
SELECT 'cell' AS subject_kind, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.standing AS standing,
  min(s.from_at) AS from_at, max(s.to_at) AS to_at, min(s.known_at) AS known_at, f.cells AS cells, f.unregistered AS unregistered
FROM cell_standing s
JOIN fleet f ON f.plmn = s.plmn AND f.cell_type = s.cell_type
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.standing, f.cells, f.unregistered
UNION ALL
SELECT 'equipment' AS subject_kind, j.plmn AS plmn, CASE WHEN j.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, j.cell_type AS cell_type, j.cell AS cell,
  coalesce(j.status, 'never issued') AS standing, j.from_at AS from_at, j.to_at AS to_at, j.to_at AS known_at, CAST(0 AS BIGINT) AS cells, CAST(0 AS BIGINT) AS unregistered
FROM joined_standing j
WHERE j.rank = 1 AND (j.status IS NULL OR j.status IN ('deleted', 'lost', 'scrapped', 'recovered', 'planned'))
