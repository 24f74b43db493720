-- Home cells most of whose visitors of a day had never been there before. Reads touch.

-- @table visit
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.imsi AS imsi, date_trunc('day', t.first_at) AS day_at,
  min(t.first_at) AS from_at, max(t.last_at) AS to_at
FROM touch t
WHERE t.imsi IS NOT NULL AND t.cell_type = 'home'
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.imsi, date_trunc('day', t.first_at)

-- @table acquainted
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.imsi AS imsi, min(v.day_at) AS since_at
FROM visit v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.imsi

-- @table beginning
SELECT min(t.first_at) AS first_at
FROM touch t

-- @table met
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, min(v.from_at) AS from_at, max(v.to_at) AS to_at,
  CAST(count(*) AS BIGINT) AS visitors, CAST(sum(CASE WHEN a.since_at = v.day_at THEN 1 ELSE 0 END) AS BIGINT) AS strangers
FROM visit v
JOIN acquainted a ON a.plmn = v.plmn AND a.rat = v.rat AND a.cell_type = v.cell_type AND a.cell = v.cell AND a.imsi = v.imsi
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.day_at

-- @result
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.from_at AS from_at, m.to_at AS to_at, m.to_at AS known_at,
  CAST(m.strangers AS DOUBLE) / m.visitors AS strength
FROM met m
JOIN beginning b ON m.from_at >= b.first_at + INTERVAL '48' HOUR
WHERE m.visitors >= :least_visitors AND CAST(m.strangers AS DOUBLE) / m.visitors >= :least
ORDER BY plmn, rat, cell_type, cell, from_at
