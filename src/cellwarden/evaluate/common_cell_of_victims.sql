-- Cells that several victims had in common in the hour before they were robbed. Reads payments, complaints, access, cell_day.

-- @table robbed
SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, min(coalesce(p.disputed_at, c.at)) AS known_at
FROM payments p
LEFT JOIN complaints c ON c.payment_id = p.payment_id
WHERE p.disputed_at IS NOT NULL OR c.complaint_id IS NOT NULL
GROUP BY p.payment_id, p.imsi, p.at

-- @table near
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, date_trunc('day', a.at) AS day_at, r.imsi AS imsi,
  min(r.known_at) AS known_at
FROM robbed r
JOIN access a ON a.imsi = r.imsi AND a.at <= r.paid_at AND a.at >= r.paid_at - INTERVAL '60' MINUTE
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, date_trunc('day', a.at), r.imsi

-- @table met
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.day_at AS day_at, CAST(count(*) AS BIGINT) AS victims, max(n.known_at) AS known_at
FROM near n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.day_at

-- @table served
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, date_trunc('day', c.first_at) AS day_at, min(c.first_at) AS from_at, max(c.last_at) AS to_at
FROM cell_day c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, date_trunc('day', c.first_at)

-- @result
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, s.from_at AS from_at, s.to_at AS to_at, greatest(m.known_at, s.to_at) AS known_at,
  CAST(m.victims AS DOUBLE) AS strength
FROM met m
JOIN served s ON s.plmn = m.plmn AND s.rat = m.rat AND coalesce(s.cell_type, '') = coalesce(m.cell_type, '') AND s.cell = m.cell AND s.day_at = m.day_at
WHERE m.victims >= :least
ORDER BY plmn, rat, cell_type NULLS FIRST, cell, from_at
