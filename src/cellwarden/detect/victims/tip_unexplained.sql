-- Reports of victims, by police or others, beside what our own records know of losses there and then, and what those people had in common.

-- @table report
SELECT t.tip_id AS tip_id, t.at AS known_at, coalesce(t.from_at, t.to_at) AS from_at, coalesce(t.to_at, t.from_at) AS to_at, t.district AS district, coalesce(t.victims, 1) AS victims
FROM tips t
WHERE coalesce(t.from_at, t.to_at) IS NOT NULL

-- @table loss
SELECT DISTINCT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, s.district AS district
FROM payments p
LEFT JOIN (SELECT u.imsi AS imsi, min(u.district) AS district FROM subscribers u GROUP BY u.imsi) s ON s.imsi = p.imsi
LEFT JOIN complaints c ON c.payment_id = p.payment_id
WHERE p.disputed_at IS NOT NULL OR c.payment_id IS NOT NULL

-- @table matching
-- A loss without a known district may belong to any report of its time.
SELECT r.tip_id AS tip_id, l.imsi AS imsi, l.paid_at AS paid_at
FROM report r
JOIN loss l ON l.paid_at >= r.from_at AND l.paid_at <= r.to_at + INTERVAL '24' HOUR AND (r.district IS NULL OR l.district IS NULL OR l.district = r.district)

-- @table common_cell
SELECT m.tip_id AS tip_id, h.plmn AS plmn, h.rat AS rat, h.cell AS cell, count(DISTINCT m.imsi) AS people
FROM matching m
JOIN touch h ON h.imsi = m.imsi AND h.first_at <= m.paid_at AND h.last_at >= m.paid_at - INTERVAL '48' HOUR
LEFT JOIN cell_kind k ON k.plmn = h.plmn AND k.cell = h.cell
WHERE coalesce(h.cell_type, k.cell_type, '') IN ('home', '')
GROUP BY m.tip_id, h.plmn, h.rat, h.cell

-- @result
SELECT r.tip_id AS tip_id, r.from_at AS from_at, r.to_at AS to_at, r.known_at AS known_at, r.district AS district, CAST(r.victims AS BIGINT) AS victims,
  CAST(coalesce(max(m.people), 0) AS BIGINT) AS losers, CAST(coalesce(max(c.people), 0) AS BIGINT) AS together
FROM report r
LEFT JOIN (SELECT x.tip_id AS tip_id, count(DISTINCT x.imsi) AS people FROM matching x GROUP BY x.tip_id) m ON m.tip_id = r.tip_id
LEFT JOIN common_cell c ON c.tip_id = r.tip_id
GROUP BY r.tip_id, r.from_at, r.to_at, r.known_at, r.district, r.victims
