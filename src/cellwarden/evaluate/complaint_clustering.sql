-- Cells where those met who complained about payments from one district within three days. Reads complaints, subscribers, touch, cell_day.

-- @table told
SELECT c.complaint_id AS complaint_id, c.imsi AS imsi, coalesce(c.district, s.district) AS district, c.at AS told_at, coalesce(c.about_from, c.at - INTERVAL '24' HOUR) AS from_at, coalesce(c.about_to, c.at) AS until_at
FROM complaints c
LEFT JOIN subscribers s ON s.imsi = c.imsi
WHERE c.topic = 'payment' OR c.payment_id IS NOT NULL

-- @table clustered
-- One row a complaint with which its district's complaints of three days became many.
SELECT t.complaint_id AS complaint_id, t.district AS district, t.told_at AS known_at, CAST(count(*) AS BIGINT) AS complaints
FROM told t
JOIN told o ON o.district = t.district AND o.told_at <= t.told_at AND o.told_at >= t.told_at - INTERVAL '72' HOUR
GROUP BY t.complaint_id, t.district, t.told_at
HAVING count(*) >= :least_complaints

-- @table near
SELECT DISTINCT c.complaint_id AS complaint_id, c.known_at AS known_at, t.imsi AS imsi, v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell,
  date_trunc('day', v.first_at) AS touched_on
FROM clustered c
JOIN told t ON t.district = c.district AND t.told_at <= c.known_at AND t.told_at >= c.known_at - INTERVAL '72' HOUR
JOIN touch v ON v.imsi = t.imsi AND v.first_at <= t.until_at AND v.last_at >= t.from_at

-- @table shared
SELECT n.complaint_id AS complaint_id, n.known_at AS known_at, n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.touched_on AS touched_on,
  CAST(count(DISTINCT n.imsi) AS BIGINT) AS complainers
FROM near n
GROUP BY n.complaint_id, n.known_at, n.plmn, n.rat, n.cell_type, n.cell, n.touched_on
HAVING count(DISTINCT n.imsi) >= :least

-- @table met
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.touched_on AS touched_on, min(s.known_at) AS known_at, max(s.complainers) AS complainers
FROM shared s
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.touched_on

-- @table served
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, date_trunc('day', c.first_at) AS day_at, min(c.first_at) AS from_at, max(c.last_at) AS to_at
FROM cell_day c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, date_trunc('day', c.first_at)

-- @result
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, s.from_at AS from_at, s.to_at AS to_at, greatest(m.known_at, s.to_at) AS known_at,
  CAST(m.complainers AS DOUBLE) AS strength
FROM met m
JOIN served s ON s.plmn = m.plmn AND s.rat = m.rat AND coalesce(s.cell_type, '') = coalesce(m.cell_type, '') AND s.cell = m.cell AND s.day_at = m.touched_on
ORDER BY plmn, rat, cell_type NULLS FIRST, cell, from_at
