-- How many payments would meet an exposure by chance: the same exposures, whole days earlier and later. Reads exposed, payments, shift.
-- @result
SELECT s.days AS days, p.channel AS channel, CAST(count(DISTINCT p.payment_id) AS BIGINT) AS payments
FROM shift s
JOIN exposed e ON e.from_at + s.days * INTERVAL '1' DAY >= :first_at AND e.to_at + s.days * INTERVAL '1' DAY <= :last_at
JOIN payments p ON p.imsi = e.imsi AND p.at >= e.from_at + s.days * INTERVAL '1' DAY AND p.at <= e.to_at + s.days * INTERVAL '1' DAY + INTERVAL '60' MINUTE
GROUP BY s.days, p.channel
