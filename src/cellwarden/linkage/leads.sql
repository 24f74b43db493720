-- People with linked payments, and where they live: what reports of others are held against. Reads linked_payment (handed in), payments, subscribers.
-- @result
SELECT p.payment_id AS payment_id, p.imsi AS imsi, q.at AS paid_at, q.amount AS amount, q.currency AS currency, q.status AS status, s.district AS district
FROM linked_payment p
JOIN payments q ON q.payment_id = p.payment_id
LEFT JOIN subscribers s ON s.imsi = p.imsi
WHERE p.probability >= 0.5e0
ORDER BY payment_id, district
