-- Unlisted macro cells that never joined through a tunnel, and the addresses from which listed cells, home cells and other networks' cells speak.

-- @table carrier_day
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.hand AS hand, d.source AS source, d.first_at AS first_at, d.last_at AS last_at,
  d.subscribers AS subscribers, CASE WHEN o.plmn IS NULL THEN 1 ELSE 0 END AS is_foreign, CASE WHEN v.cell IS NULL THEN 0 ELSE 1 END AS listed
FROM place_day d
LEFT JOIN own_plmn o ON o.plmn = d.plmn
LEFT JOIN (SELECT DISTINCT e.plmn AS plmn, e.cell_type AS cell_type, e.cell AS cell FROM equipment_version e) v ON v.plmn = d.plmn AND v.cell_type = d.cell_type AND v.cell = d.cell

-- @table tunnelled
SELECT DISTINCT l.cell AS cell FROM link l WHERE l.cell IS NOT NULL

-- @table covered
SELECT CAST(count(DISTINCT date_trunc('day', c.first_at)) AS BIGINT) AS covered_days FROM carrier_day c

-- @result
SELECT 'unlisted' AS subject, c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.source AS source, min(c.first_at) AS from_at,
  max(c.last_at) AS to_at, CAST(count(DISTINCT date_trunc('day', c.first_at)) AS BIGINT) AS served_days, max(k.covered_days) AS covered_days, CAST(max(c.is_foreign) AS BIGINT) AS is_foreign
FROM carrier_day c
CROSS JOIN covered k
LEFT JOIN tunnelled t ON t.cell = c.cell
WHERE c.listed = 0 AND c.cell_type IN ('macro', 'short_macro', 'long_macro', 'gnb') AND t.cell IS NULL
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.source
UNION ALL
SELECT DISTINCT CASE WHEN c.is_foreign = 1 THEN 'partner address' ELSE 'own address' END AS subject, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand,
  c.source AS source, CAST(NULL AS TIMESTAMP) AS from_at, CAST(NULL AS TIMESTAMP) AS to_at, CAST(0 AS BIGINT) AS served_days, CAST(0 AS BIGINT) AS covered_days, CAST(0 AS BIGINT) AS is_foreign
FROM carrier_day c
WHERE c.is_foreign = 1 OR c.listed = 1 OR c.cell_type = 'home'
