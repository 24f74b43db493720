-- Every payment of people who were ever exposed, and how many rows each channel has at all. Reads exposed (handed in), payments.

-- @table exposed_person
SELECT DISTINCT e.imsi AS imsi FROM exposed e

-- @result
SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, p.channel AS channel, p.kind AS kind, p.merchant AS merchant, p.category AS category,
  p.amount AS amount, p.currency AS currency, p.status AS status, p.disputed_at AS disputed_at
FROM payments p
JOIN exposed_person x ON x.imsi = p.imsi
ORDER BY imsi, paid_at, payment_id
