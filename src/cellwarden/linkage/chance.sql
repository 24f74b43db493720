-- How many payments would meet an exposure by chance: the same exposures, whole days earlier and later. Reads exposed, payments, shift.

-- @table shifted
-- Only where the records cover the moved exposure: beyond them nobody could have paid.
SELECT s.days AS days, e.imsi AS imsi, e.from_at + s.days * INTERVAL '1' DAY AS from_at, e.to_at + s.days * INTERVAL '1' DAY AS to_at
FROM shift s
JOIN exposed e ON e.from_at + s.days * INTERVAL '1' DAY >= :first_at AND e.to_at + s.days * INTERVAL '1' DAY <= :last_at

-- @result
SELECT 'payments' AS counted, p.channel AS channel, m.days AS days, CAST(count(DISTINCT p.payment_id) AS BIGINT) AS number
FROM shifted m
JOIN payments p ON p.imsi = m.imsi AND p.at >= m.from_at AND p.at <= m.to_at + INTERVAL '60' MINUTE
GROUP BY p.channel, m.days
UNION ALL
SELECT 'exposures' AS counted, '' AS channel, m.days AS days, CAST(count(*) AS BIGINT) AS number
FROM shifted m
GROUP BY m.days
