-- Payments somebody should call about. Reads exposed and linked_payment (handed in), payments.

-- @table exposed_person
SELECT DISTINCT e.imsi AS imsi FROM exposed e

-- @result
SELECT 'charged_not_disputed' AS kind, p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, p.channel AS channel, p.merchant AS merchant, p.amount AS amount, p.currency AS currency, l.probability AS probability
FROM linked_payment l
JOIN payments p ON p.payment_id = l.payment_id
WHERE l.probability >= 0.5e0 AND p.disputed_at IS NULL AND (p.status IS NULL OR p.status = 'approved')
UNION ALL
SELECT 'disputed_not_exposed' AS kind, p.payment_id AS payment_id, p.imsi AS imsi, p.at AS paid_at, p.channel AS channel, p.merchant AS merchant, p.amount AS amount, p.currency AS currency, 0e0 AS probability
FROM payments p
LEFT JOIN exposed_person x ON x.imsi = p.imsi
WHERE p.disputed_at IS NOT NULL AND x.imsi IS NULL
ORDER BY kind, probability DESC, amount DESC, payment_id
