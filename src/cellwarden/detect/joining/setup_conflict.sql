-- What equipment said of itself when it joined, beside what the registry knew of that id at that time; and of an id of which the registry
-- never knew anything, beside what other equipment had said of itself under it.

-- @table claimed
SELECT l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.source_ip AS source_ip, l.at AS at,
  l.serial AS serial, l.tac AS tac, l.access_line AS access_line, v.serial AS registered_serial, v.tac AS registered_tac, v.access_line AS registered_line,
  row_number() OVER (PARTITION BY l.plmn, l.cell_type, l.cell, l.hand, l.source_ip, l.at, l.event, l.serial, l.tac, l.access_line
    ORDER BY v.recorded_at DESC, v.valid_from DESC, v.status, v.equipment_id, v.serial NULLS FIRST, v.tac NULLS FIRST) AS rank
FROM link l
JOIN equipment_version v ON v.plmn = l.plmn AND v.cell_type = l.cell_type AND v.cell = l.cell AND v.recorded_at <= l.at AND v.valid_from <= l.at
  AND (v.valid_to IS NULL OR v.valid_to > l.at)
WHERE l.cell IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'hems_inform')

-- @table unknown_id
-- The registry has no row of it, or there is no registry: then the id's own past is all there is.
SELECT l.plmn AS plmn, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.source_ip AS source_ip, l.at AS at, l.serial AS serial, l.tac AS tac, l.access_line AS access_line
FROM link l
LEFT JOIN (SELECT DISTINCT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell FROM equipment_version v) v ON v.plmn = l.plmn AND v.cell_type = l.cell_type AND v.cell = l.cell
WHERE l.cell IS NOT NULL AND l.serial IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'hems_inform') AND v.cell IS NULL

-- @table first_device
SELECT d.plmn AS plmn, d.cell_type AS cell_type, d.cell AS cell, d.at AS at, d.serial AS serial, d.tac AS tac, d.access_line AS access_line
FROM (
  SELECT u.plmn AS plmn, u.cell_type AS cell_type, u.cell AS cell, u.at AS at, u.serial AS serial, u.tac AS tac, u.access_line AS access_line,
    row_number() OVER (PARTITION BY u.plmn, u.cell_type, u.cell ORDER BY u.at, CASE WHEN u.tac IS NULL THEN 1 ELSE 0 END, u.serial, u.tac) AS rank
  FROM unknown_id u
) d
WHERE d.rank = 1

-- @table succeeded
SELECT u.plmn AS plmn, u.cell_type AS cell_type, u.cell AS cell, u.hand AS hand, u.source_ip AS source_ip, u.at AS at,
  CASE WHEN u.tac <> f.tac THEN 1 ELSE 0 END AS other_tac, CASE WHEN u.access_line <> f.access_line THEN 1 ELSE 0 END AS other_line
FROM unknown_id u
JOIN first_device f ON f.plmn = u.plmn AND f.cell_type = u.cell_type AND f.cell = u.cell AND f.serial <> u.serial AND f.at < u.at

-- @result
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.source_ip AS source_ip, min(c.at) AS from_at, TIMESTAMP '2999-01-01 00:00:00' AS to_at,
  CAST(max(CASE WHEN c.serial <> c.registered_serial THEN 1 ELSE 0 END) AS BIGINT) AS other_serial, CAST(0 AS BIGINT) AS other_device,
  CAST(max(CASE WHEN c.tac <> c.registered_tac THEN 1 ELSE 0 END) AS BIGINT) AS other_tac,
  CAST(max(CASE WHEN c.access_line <> c.registered_line THEN 1 ELSE 0 END) AS BIGINT) AS other_line
FROM claimed c
WHERE c.rank = 1 AND (c.serial <> c.registered_serial OR c.tac <> c.registered_tac OR c.access_line <> c.registered_line)
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.source_ip
UNION ALL
SELECT s.plmn AS plmn, CASE WHEN s.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.source_ip AS source_ip, min(s.at) AS from_at,
  TIMESTAMP '2999-01-01 00:00:00' AS to_at, CAST(0 AS BIGINT) AS other_serial, CAST(1 AS BIGINT) AS other_device, CAST(max(s.other_tac) AS BIGINT) AS other_tac, CAST(max(s.other_line) AS BIGINT) AS other_line
FROM succeeded s
GROUP BY s.plmn, s.cell_type, s.cell, s.hand, s.source_ip
