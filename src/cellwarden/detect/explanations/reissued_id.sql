-- Ids that were retired and then issued anew, by order, for another device, which is the one that joined.

-- @table retired
SELECT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, v.serial AS serial, max(v.recorded_at) AS recorded_at
FROM equipment_version v
WHERE v.status IN ('deleted', 'scrapped', 'recovered', 'lost')
GROUP BY v.plmn, v.cell_type, v.cell, v.serial

-- @table issued_anew
SELECT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, v.serial AS serial, o.serial AS old_serial, v.valid_from AS valid_from, v.recorded_at AS recorded_at, v.work_order AS work_order
FROM equipment_version v
JOIN retired o ON o.plmn = v.plmn AND o.cell_type = v.cell_type AND o.cell = v.cell AND o.recorded_at < v.recorded_at AND o.serial <> v.serial
WHERE v.status = 'active' AND v.work_order IS NOT NULL

-- @table old_device_after
SELECT DISTINCT n.plmn AS plmn, n.cell_type AS cell_type, n.cell AS cell, n.old_serial AS old_serial
FROM issued_anew n
JOIN link l ON l.cell = n.cell AND l.cell_type = n.cell_type AND l.serial = n.old_serial AND l.at > n.valid_from

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, min(p.first_at) AS from_at, max(p.last_at) AS to_at,
  max(n.work_order) AS work_order, max(n.valid_from) AS valid_from, CAST(max(CASE WHEN l.serial = n.serial THEN 1 ELSE 0 END) AS BIGINT) AS same_serial,
  CAST(max(CASE WHEN l.serial IS NOT NULL AND l.serial <> n.serial THEN 1 ELSE 0 END) AS BIGINT) AS other_serial
FROM presence p
JOIN issued_anew n ON n.plmn = p.plmn AND n.cell_type = p.cell_type AND n.cell = p.cell AND p.first_at >= n.valid_from AND p.first_at >= n.recorded_at
LEFT JOIN old_device_after o ON o.plmn = n.plmn AND o.cell_type = n.cell_type AND o.cell = n.cell AND o.old_serial = n.old_serial
LEFT JOIN link l ON l.cell = p.cell AND l.cell_type = p.cell_type AND l.inner_ip = p.source AND l.at <= p.last_at AND l.at >= n.valid_from
WHERE o.cell IS NULL
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand
