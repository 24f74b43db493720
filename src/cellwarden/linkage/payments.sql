-- Payments of exposed people beside their exposure, with the verification leg before each. Reads exposed (handed in), payments, usage.

-- @table near
-- From the first touch until a day after the last one: what an exposure may have made possible.
SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, p.channel AS channel, p.merchant AS merchant, p.category AS category, p.status AS status, p.amount AS amount, p.currency AS currency, p.disputed_at AS disputed_at,
  e.plmn AS plmn, e.rat AS rat, e.cell_type AS cell_type, e.cell AS cell, e.unit AS unit, e.from_at AS from_at, e.to_at AS to_at, e.episode_from AS episode_from, e.episode_to AS episode_to
FROM payments p
JOIN exposed e ON e.imsi = p.imsi AND p.at >= e.from_at AND p.at <= e.to_at + INTERVAL '24' HOUR

-- @table leg
-- Verification calls and code SMS in the ten minutes before a payment, served by the accused cell or by another.
SELECT n.payment_id AS payment_id, n.unit AS unit, n.cell AS cell, n.episode_from AS episode_from,
  max(CASE WHEN u.cell = n.cell AND u.rat = n.rat AND coalesce(u.cell_type, n.cell_type) = n.cell_type AND u.at >= n.episode_from AND u.at <= n.episode_to THEN u.at END) AS through_at,
  CAST(count(*) AS BIGINT) AS legs
FROM near n
JOIN usage u ON u.imsi = n.imsi AND u.at <= n.paid_at AND u.at >= n.paid_at - INTERVAL '10' MINUTE AND u.at <= :until AND (u.peer LIKE 'ars:%' OR u.peer LIKE 'otp:%')
GROUP BY n.payment_id, n.unit, n.cell, n.episode_from

-- @result
SELECT n.payment_id AS payment_id, n.imsi AS imsi, n.paid_at AS paid_at, n.channel AS channel, n.merchant AS merchant, n.category AS category, n.status AS status, n.amount AS amount, n.currency AS currency, n.disputed_at AS disputed_at,
  n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.unit AS unit, n.from_at AS from_at, n.to_at AS to_at,
  l.through_at AS through_at, coalesce(l.legs, 0) AS legs
FROM near n
LEFT JOIN leg l ON l.payment_id = n.payment_id AND l.unit = n.unit AND l.cell = n.cell AND l.episode_from = n.episode_from
ORDER BY payment_id, cell, from_at, unit
