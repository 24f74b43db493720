-- Registered fixed cells at which the permanent identities come, day after day, from people who are no customers of this operator and
-- who do not come day after day themselves.

-- @table newcomer
SELECT t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, k.cell_type, '') AS cell_type, t.cell AS cell, coalesce(t.source, 'tac ' || CAST(t.tac AS STRING)) AS source,
  date_trunc('day', t.first_at) AS day_at, t.imsi AS imsi, t.identified AS identified, CASE WHEN s.imsi IS NULL THEN 1 ELSE 0 END AS is_visitor
FROM touch t
LEFT JOIN cell_kind k ON k.plmn = t.plmn AND k.cell = t.cell
LEFT JOIN (SELECT DISTINCT u.imsi AS imsi FROM subscribers u) s ON s.imsi = t.imsi
WHERE t.imsi IS NOT NULL AND t.identified > 0

-- @table traveller
-- Who gives it on many days works there, or tests there. Each counts once, however many addresses the cell spoke from.
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.imsi AS imsi, min(n.source) AS source
FROM newcomer n
WHERE n.is_visitor = 1
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.imsi
HAVING count(DISTINCT n.day_at) <= :max_days

-- @table arrivals
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, CAST(sum(n.identified) AS BIGINT) AS identified,
  CAST(sum(CASE WHEN t.imsi IS NULL THEN 0 ELSE n.identified END) AS BIGINT) AS by_visitors, CAST(count(DISTINCT CASE WHEN t.source = n.source THEN t.imsi END) AS BIGINT) AS visitors,
  CAST(count(DISTINCT CASE WHEN t.imsi IS NOT NULL THEN n.day_at END) AS BIGINT) AS arrival_days
FROM newcomer n
LEFT JOIN traveller t ON t.plmn = n.plmn AND t.rat = n.rat AND t.cell_type = n.cell_type AND t.cell = n.cell AND t.imsi = n.imsi
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.source

-- @table customers
-- How much of everybody seen the customer base names: a table with holes makes nobody a visitor from abroad.
SELECT CAST(count(*) AS BIGINT) AS people, CAST(sum(CASE WHEN s.imsi IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS known
FROM (SELECT DISTINCT t.imsi AS imsi FROM touch t WHERE t.imsi IS NOT NULL) p
LEFT JOIN (SELECT DISTINCT u.imsi AS imsi FROM subscribers u) s ON s.imsi = p.imsi

-- @table standing
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.source AS source, min(r.first_at) AS from_at, max(r.last_at) AS to_at,
  CAST(count(DISTINCT date_trunc('day', r.first_at)) AS BIGINT) AS served_days
FROM registered r
JOIN presence p ON p.plmn = r.plmn AND p.rat = r.rat AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.source = r.source AND p.hand = r.hand AND p.first_at = r.first_at
WHERE r.status = 'active' AND r.kind <> 'mobile' AND p.hand = p.serial_hand
  AND (r.cell_type <> 'home' OR r.serial IS NULL OR p.hand = r.serial OR substr(p.hand, 1, 6) = 'inner ' OR substr(p.hand, 1, 4) = 'tac ' OR substr(p.hand, 1, 8) = 'address ')
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand, r.source

-- @result
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, min(s.from_at) AS from_at, max(s.to_at) AS to_at, CAST(sum(s.served_days) AS BIGINT) AS served_days,
  CAST(sum(a.identified) AS BIGINT) AS identified, CAST(sum(a.by_visitors) AS BIGINT) AS by_visitors, CAST(sum(a.visitors) AS BIGINT) AS visitors, CAST(sum(a.arrival_days) AS BIGINT) AS arrival_days,
  max(c.people) AS people, max(c.known) AS known
FROM standing s
JOIN arrivals a ON a.plmn = s.plmn AND a.rat = s.rat AND a.cell_type = s.cell_type AND a.cell = s.cell AND a.source = s.source
CROSS JOIN customers c
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand
