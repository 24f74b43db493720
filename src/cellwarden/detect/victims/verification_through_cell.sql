-- Cell-days on which strangers confirmed payments through a cell: a verification call or a code message that it served minutes before.

-- @table leg
SELECT DISTINCT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, u.at AS at, u.plmn AS plmn, u.rat AS rat, u.cell_type AS cell_type, u.cell AS cell, u.source AS source
FROM payments p
JOIN usage u ON u.imsi = p.imsi AND u.at <= p.at AND u.at >= p.at - :leg_minutes * INTERVAL '1' MINUTE AND (u.peer LIKE 'ars:%' OR u.peer LIKE 'otp:%')

-- @table served_leg
-- Where usage names no address and two hands used the cell, whose leg it was cannot be told: it is left out.
SELECT l.payment_id AS payment_id, l.imsi AS imsi, l.paid_at AS paid_at, l.at AS at, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell,
  min(p.hand) AS hand, date_trunc('day', l.at) AS day_at
FROM leg l
JOIN presence p ON p.cell = l.cell AND p.rat = l.rat AND (l.plmn IS NULL OR l.plmn = p.plmn) AND (l.cell_type IS NULL OR l.cell_type = p.cell_type)
  AND (l.source IS NULL OR l.source = p.source) AND date_trunc('day', p.first_at) = date_trunc('day', l.at)
GROUP BY l.payment_id, l.imsi, l.paid_at, l.at, p.plmn, p.rat, p.cell_type, p.cell
HAVING count(DISTINCT p.hand) = 1

-- @table regular
-- Who was on the cell on three days or more lives or works there.
SELECT x.plmn AS plmn, x.rat AS rat, x.cell AS cell, x.imsi AS imsi
FROM (SELECT DISTINCT s.plmn AS plmn, s.rat AS rat, s.cell AS cell, s.imsi AS imsi FROM served_leg s) x
JOIN touch t ON t.plmn = x.plmn AND t.rat = x.rat AND t.cell = x.cell AND t.imsi = x.imsi
GROUP BY x.plmn, x.rat, x.cell, x.imsi
HAVING count(DISTINCT date_trunc('day', t.first_at)) > 2

-- @table stranger_leg
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.day_at AS day_at, CAST(count(DISTINCT s.imsi) AS BIGINT) AS payers, max(s.paid_at) AS paid_at,
  CAST(count(DISTINCT CASE WHEN d.disputed_at IS NOT NULL THEN s.payment_id END) AS BIGINT) AS disputed
FROM served_leg s
LEFT JOIN regular r ON r.plmn = s.plmn AND r.rat = s.rat AND r.cell = s.cell AND r.imsi = s.imsi
LEFT JOIN payments d ON d.payment_id = s.payment_id
WHERE r.imsi IS NULL
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand, s.day_at

-- @table share_day
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.day_at AS day_at, c.from_at AS from_at, c.to_at AS to_at, c.tries AS tries,
  least(c.tries, coalesce(s.payers, 0)) AS hits, coalesce(s.disputed, 0) AS disputed, s.paid_at AS paid_at
FROM (
  SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, date_trunc('day', p.first_at) AS day_at, min(p.first_at) AS from_at, max(p.last_at) AS to_at,
    CAST(sum(p.subscribers) AS BIGINT) AS tries
  FROM presence p
  WHERE p.subscribers > 0
  GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, date_trunc('day', p.first_at)
) c
LEFT JOIN stranger_leg s ON s.plmn = c.plmn AND s.rat = c.rat AND s.cell_type = c.cell_type AND s.cell = c.cell AND s.hand = c.hand AND s.day_at = c.day_at

-- @table class_habit
SELECT s.rat AS rat, s.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(s.tries) AS DOUBLE) AS n, CAST(sum(s.hits) AS DOUBLE) AS x,
  sum(CAST(s.tries AS DOUBLE) * s.tries) AS nn, CAST(sum(CAST(round(CAST(s.hits AS DOUBLE) * s.hits / s.tries * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM share_day s
GROUP BY s.rat, s.cell_type

-- @table history
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.paid_at AS paid_at, s.disputed AS disputed, s.hits AS hits, s.tries AS tries,
  CAST(coalesce(sum(s.hits) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS hits_before,
  CAST(coalesce(sum(s.tries) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS tries_before
FROM share_day s

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.paid_at AS paid_at, h.disputed AS disputed,
  h.hits AS hits, h.tries AS tries, h.hits_before AS hits_before, h.tries_before AS tries_before, c.days AS days, c.n AS n, c.x AS x, c.nn AS nn, c.xx_n AS xx_n
FROM history h
JOIN class_habit c ON c.rat = h.rat AND c.cell_type = h.cell_type
WHERE h.hits >= :min_payers AND h.hits * c.n > 2 * c.x * h.tries
