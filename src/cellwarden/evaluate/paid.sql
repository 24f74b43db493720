-- Payments of those who touched an accused cell, until an hour after they left it. Reads exposed (handed in), payments.
-- @result
SELECT p.payment_id AS payment_id, p.imsi AS imsi, e.cell AS cell, e.unit AS unit, e.from_at AS from_at
FROM exposed e
JOIN payments p ON p.imsi = e.imsi AND p.at >= e.from_at AND p.at <= e.to_at + INTERVAL '60' MINUTE
ORDER BY payment_id, from_at DESC, cell, unit
