-- Reports without names beside accused episodes: how many people of the district told were on the cell in the time told, and how
-- many of those lost money. Reads exposed and linked_payment (handed in), subscribers, tips.

-- @table told
SELECT t.tip_id AS tip_id, t.district AS district, coalesce(t.from_at, t.to_at) AS from_at, coalesce(t.to_at, t.from_at) AS to_at
FROM tips t
WHERE coalesce(t.from_at, t.to_at) IS NOT NULL

-- @table victim
SELECT DISTINCT p.imsi AS imsi, p.cell AS cell, p.unit AS unit FROM linked_payment p WHERE p.probability >= 0.5e0

-- @result
SELECT t.tip_id AS tip_id, e.cell AS cell, e.unit AS unit, CAST(count(DISTINCT e.imsi) AS BIGINT) AS exposed, CAST(count(DISTINCT v.imsi) AS BIGINT) AS victims
FROM told t
JOIN exposed e ON e.from_at <= t.to_at AND e.to_at >= t.from_at - INTERVAL '24' HOUR
JOIN subscribers s ON s.imsi = e.imsi
LEFT JOIN victim v ON v.imsi = e.imsi AND v.cell = e.cell AND v.unit = e.unit
WHERE t.district IS NULL OR s.district = t.district
GROUP BY t.tip_id, e.cell, e.unit
ORDER BY tip_id, victims DESC, exposed DESC, cell, unit
