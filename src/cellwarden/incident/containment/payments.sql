-- What a restriction of payments would have declined. Reads payments; linked is handed in.
-- caught: linked to an exposure, or disputed. hurt: paid, settled for 60 days, and nobody complained. unknown: everything else.

-- @table matching
SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.amount AS amount, p.currency AS currency,
  CASE WHEN l.payment_id IS NOT NULL OR p.disputed_at IS NOT NULL THEN 1
    WHEN p.status = 'approved' AND p.at < :settled_before THEN 2 ELSE 3 END AS rank
FROM payments p
LEFT JOIN (SELECT DISTINCT k.payment_id AS payment_id FROM linked k) l ON l.payment_id = p.payment_id
WHERE p.at >= :from_at AND p.at <= :to_at AND coalesce(p.status, 'approved') = 'approved'
  AND (:merchant = '' OR p.merchant = :merchant) AND (:category = '' OR p.category = :category)
  AND (:channel = '' OR p.channel = :channel) AND (:imsi = 0 OR p.imsi = :imsi)

-- @result
SELECT m.rank AS rank, m.currency AS currency, CAST(count(DISTINCT m.payment_id) AS BIGINT) AS payments,
  CAST(count(DISTINCT m.imsi) AS BIGINT) AS people, CAST(sum(m.amount) AS BIGINT) AS amount
FROM matching m
GROUP BY m.rank, m.currency
ORDER BY rank, currency
