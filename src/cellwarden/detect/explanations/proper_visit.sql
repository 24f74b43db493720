-- Visits of home cells in the hands that the registry knows as theirs: active, fixed, of the registered serial where a serial was seen,
-- in one place, and ordered where this registry keeps orders. Reads visit_all.

-- @table proper
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, min(r.first_at) AS from_at, max(r.last_at) AS to_at,
  CAST(count(DISTINCT date_trunc('day', r.first_at)) AS BIGINT) AS served_days,
  CAST(max(CASE WHEN v.work_order IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS ordered
FROM registered r
JOIN presence p ON p.plmn = r.plmn AND p.rat = r.rat AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.source = r.source AND p.hand = r.hand AND p.first_at = r.first_at
LEFT JOIN equipment_version v ON v.plmn = r.plmn AND v.cell_type = r.cell_type AND v.cell = r.cell AND v.status = 'active' AND v.recorded_at = r.recorded_at AND v.valid_from = r.valid_from
WHERE r.cell_type = 'home' AND r.status = 'active' AND r.kind <> 'mobile' AND p.hand = p.serial_hand
  AND (r.serial IS NULL OR p.hand = r.serial OR p.hand = 'unnamed' OR substr(p.hand, 1, 6) = 'inner ' OR substr(p.hand, 1, 4) = 'tac ' OR substr(p.hand, 1, 8) = 'address ')
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand

-- @table orders
-- Whether this registry keeps work orders at all: where most cells have none, a cell without one stands out in nothing.
SELECT CASE WHEN 2 * sum(CASE WHEN v.work_order IS NULL THEN 0 ELSE 1 END) > count(*) THEN 1 ELSE 0 END AS kept
FROM equipment_version v
WHERE v.cell_type = 'home' AND v.status = 'active'

-- @table visit
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, p.hand AS hand, v.imsi AS imsi, v.hour_at AS hour_at, date_trunc('day', v.hour_at) AS day_at,
  v.events AS events, v.openings AS openings, v.identified AS identified
FROM visit_all v
JOIN presence p ON p.plmn = v.plmn AND p.rat = v.rat AND p.cell_type = v.cell_type AND p.cell = v.cell AND p.source = v.source
  AND date_trunc('day', p.first_at) = date_trunc('day', v.hour_at)
JOIN proper r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.hand = p.hand
CROSS JOIN orders o
WHERE r.ordered = 1 OR o.kept = 0

-- @table shown
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, CAST(sum(v.openings) AS BIGINT) AS openings, CAST(sum(v.identified) AS BIGINT) AS identified
FROM visit v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.hand
