-- For each disputed payment, the cells its payer was on in the 48 hours before; and how many people those cells had in those days.

-- @table dispute
SELECT d.payment_id AS payment_id, d.imsi AS imsi, d.paid_at AS paid_at, min(d.known_at) AS known_at
FROM (
  SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, p.disputed_at AS known_at FROM payments p WHERE p.disputed_at IS NOT NULL
  UNION ALL
  SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, c.at AS known_at FROM payments p JOIN complaints c ON c.payment_id = p.payment_id
) d
GROUP BY d.payment_id, d.imsi, d.paid_at

-- @table touched_before
SELECT DISTINCT d.payment_id AS payment_id, d.imsi AS imsi, d.known_at AS known_at, t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, k.cell_type, '') AS cell_type,
  t.cell AS cell, coalesce(t.source, 'tac ' || CAST(t.tac AS STRING)) AS source, t.first_at AS first_at, t.last_at AS last_at
FROM dispute d
JOIN touch t ON t.imsi = d.imsi AND t.first_at <= d.paid_at AND t.last_at >= d.paid_at - INTERVAL '48' HOUR
LEFT JOIN cell_kind k ON k.plmn = t.plmn AND k.cell = t.cell

-- @table implicated
SELECT DISTINCT b.payment_id AS payment_id, b.imsi AS imsi, b.known_at AS known_at, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand,
  p.source AS source, p.first_at AS day_first_at, p.subscribers AS subscribers, b.first_at AS first_at, b.last_at AS last_at
FROM touched_before b
JOIN presence p ON p.plmn = b.plmn AND p.rat = b.rat AND p.cell_type = b.cell_type AND p.cell = b.cell AND p.source = b.source
  AND b.first_at >= p.first_at AND b.last_at <= p.last_at

-- @table crowd
SELECT x.plmn AS plmn, x.rat AS rat, x.cell_type AS cell_type, x.cell AS cell, x.hand AS hand, CAST(sum(x.subscribers) AS BIGINT) AS subscribers
FROM (SELECT DISTINCT i.plmn AS plmn, i.rat AS rat, i.cell_type AS cell_type, i.cell AS cell, i.hand AS hand, i.source AS source, i.day_first_at AS day_first_at, i.subscribers AS subscribers FROM implicated i) x
GROUP BY x.plmn, x.rat, x.cell_type, x.cell, x.hand

-- @result
SELECT i.imsi AS imsi, i.plmn AS plmn, i.rat AS rat, i.cell_type AS cell_type, i.cell AS cell, i.hand AS hand, c.subscribers AS subscribers,
  min(i.first_at) AS from_at, max(i.last_at) AS to_at, min(i.known_at) AS known_at
FROM implicated i
JOIN crowd c ON c.plmn = i.plmn AND c.rat = i.rat AND c.cell_type = i.cell_type AND c.cell = i.cell AND c.hand = i.hand
GROUP BY i.imsi, i.plmn, i.rat, i.cell_type, i.cell, i.hand, c.subscribers
