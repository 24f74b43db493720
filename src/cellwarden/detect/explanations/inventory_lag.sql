-- Equipment in service before the registry knew it, and the row that came later: ordered, and the same device.

-- @table late
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.source AS source, r.first_at AS first_at, r.last_at AS last_at,
  v.recorded_at AS recorded_at, v.valid_from AS valid_from, v.serial AS serial, v.work_order AS work_order
FROM registered r
JOIN equipment_version v ON v.plmn = r.plmn AND v.cell_type = r.cell_type AND v.cell = r.cell AND v.status = 'active'
  AND v.recorded_at > r.last_at AND v.valid_from <= r.last_at AND (v.valid_to IS NULL OR v.valid_to > r.last_at)
WHERE v.work_order IS NOT NULL AND v.recorded_at <= v.valid_from + INTERVAL '90' DAY

-- @result
-- Where links are known the device itself must agree.
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.hand AS hand, min(t.first_at) AS from_at, max(t.last_at) AS to_at,
  max(t.recorded_at) AS recorded_at, max(t.work_order) AS work_order, CAST(max(CASE WHEN l.serial = t.serial THEN 1 ELSE 0 END) AS BIGINT) AS same_serial,
  CAST(max(CASE WHEN l.serial IS NOT NULL AND l.serial <> t.serial THEN 1 ELSE 0 END) AS BIGINT) AS other_serial
FROM late t
LEFT JOIN link l ON l.cell = t.cell AND l.cell_type = t.cell_type AND l.inner_ip = t.source AND l.at <= t.last_at
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.hand
