-- What equipment said of itself when it joined, beside what the registry knew of that id at that time.

-- @table claimed
SELECT l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.source_ip AS source_ip, l.at AS at,
  l.serial AS serial, l.tac AS tac, l.access_line AS access_line, v.serial AS registered_serial, v.tac AS registered_tac, v.access_line AS registered_line,
  row_number() OVER (PARTITION BY l.plmn, l.cell_type, l.cell, l.hand, l.source_ip, l.at, l.event, l.serial, l.tac, l.access_line
    ORDER BY v.recorded_at DESC, v.valid_from DESC, v.status, v.equipment_id, v.serial NULLS FIRST, v.tac NULLS FIRST) AS rank
FROM link l
JOIN equipment_version v ON v.plmn = l.plmn AND v.cell_type = l.cell_type AND v.cell = l.cell AND v.recorded_at <= l.at AND v.valid_from <= l.at
  AND (v.valid_to IS NULL OR v.valid_to > l.at)
WHERE l.cell IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'hems_inform')

-- @result
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.source_ip AS source_ip, min(c.at) AS from_at, TIMESTAMP '2999-01-01 00:00:00' AS to_at,
  CAST(max(CASE WHEN c.serial <> c.registered_serial THEN 1 ELSE 0 END) AS BIGINT) AS other_serial,
  CAST(max(CASE WHEN c.tac <> c.registered_tac THEN 1 ELSE 0 END) AS BIGINT) AS other_tac,
  CAST(max(CASE WHEN c.access_line <> c.registered_line THEN 1 ELSE 0 END) AS BIGINT) AS other_line
FROM claimed c
WHERE c.rank = 1 AND (c.serial <> c.registered_serial OR c.tac <> c.registered_tac OR c.access_line <> c.registered_line)
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.source_ip
