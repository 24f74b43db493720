-- Carrier billing that a restriction names, while it was in force. Reads payments.

-- @table restricted
SELECT p.payment_id AS payment_id, p.imsi AS imsi, p.at AS at, p.amount AS amount, p.status AS status
FROM payments p
WHERE p.at > :since AND p.at <= :until AND (:merchant = '' OR p.merchant = :merchant) AND (:category = '' OR p.category = :category)
  AND (:channel = '' OR p.channel = :channel) AND (:imsi = 0 OR p.imsi = :imsi)

-- @result
SELECT (SELECT max(a.at) AS last_at FROM payments a WHERE a.at <= :until) AS records_to,
  (SELECT CAST(count(*) AS BIGINT) AS payments FROM payments o WHERE o.at > :since AND o.at <= :until) AS payments_after,
  CAST(count(DISTINCT CASE WHEN r.status = 'approved' THEN r.payment_id END) AS BIGINT) AS approved_after,
  CAST(count(DISTINCT CASE WHEN r.status = 'approved' THEN r.imsi END) AS BIGINT) AS people_after,
  CAST(count(DISTINCT CASE WHEN r.status IN ('declined', 'cancelled') THEN r.payment_id END) AS BIGINT) AS stopped_after,
  CAST(count(DISTINCT CASE WHEN r.status IS NULL THEN r.payment_id END) AS BIGINT) AS unknown_after,
  max(CASE WHEN r.status = 'approved' THEN r.at END) AS last_at
FROM restricted r
