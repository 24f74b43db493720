-- Complaints of exposed people: about a linked payment, of money taken by somebody with one, or told to have happened within a day
-- of the exposure. Reads exposed and linked_payment (handed in), shift and theft_complaint (handed in), complaints, payments.

-- @table by_payment
SELECT c.complaint_id AS complaint_id, p.imsi AS imsi, p.cell AS cell, p.unit AS unit, p.probability AS probability
FROM complaints c
JOIN linked_payment p ON p.payment_id = c.payment_id

-- @table by_person
-- Money taken is told within the month: most victims learn of it from the bill, if at all.
SELECT c.complaint_id AS complaint_id, p.imsi AS imsi, p.cell AS cell, p.unit AS unit, max(p.probability) AS probability
FROM complaints c
JOIN theft_complaint h ON h.complaint_id = c.complaint_id
JOIN linked_payment p ON p.imsi = c.imsi AND p.probability >= 0.5e0
JOIN payments q ON q.payment_id = p.payment_id AND q.at <= c.at AND q.at >= c.at - INTERVAL '45' DAY
GROUP BY c.complaint_id, p.imsi, p.cell, p.unit

-- @table by_time
SELECT DISTINCT s.days AS days, c.complaint_id AS complaint_id, e.imsi AS imsi, e.cell AS cell, e.unit AS unit
FROM complaints c
JOIN exposed e ON e.imsi = c.imsi
JOIN shift s ON c.about_from <= e.to_at + s.days * INTERVAL '1' DAY + INTERVAL '24' HOUR AND coalesce(c.about_to, c.about_from) >= e.from_at + s.days * INTERVAL '1' DAY
WHERE c.about_from IS NOT NULL

-- @result
SELECT 'payment' AS kind, CAST(0 AS BIGINT) AS days, b.complaint_id AS complaint_id, b.imsi AS imsi, b.cell AS cell, b.unit AS unit, b.probability AS probability
FROM by_payment b
UNION ALL
SELECT 'person' AS kind, CAST(0 AS BIGINT) AS days, b.complaint_id AS complaint_id, b.imsi AS imsi, b.cell AS cell, b.unit AS unit, b.probability AS probability
FROM by_person b
UNION ALL
SELECT 'time' AS kind, t.days AS days, t.complaint_id AS complaint_id, t.imsi AS imsi, t.cell AS cell, t.unit AS unit, 0e0 AS probability
FROM by_time t
ORDER BY kind, days, complaint_id, cell, unit
