-- Whom the core set up security with anew after an instant: a security mode command names its algorithms in the row. Reads access; reached is handed in.

-- @table seen_after
SELECT r.imsi AS imsi, min(a.at) AS first_at,
  min(CASE WHEN a.procedure IN ('attach', 'tau', 'periodic_tau', 'service_request') AND coalesce(a.result, 'ok') = 'ok'
    AND (a.ciphering IS NOT NULL OR a.integrity IS NOT NULL) THEN a.at END) AS secured_at
FROM reached r
JOIN access a ON a.imsi = r.imsi AND a.at > :since AND a.at <= :until
GROUP BY r.imsi

-- @result
SELECT (SELECT max(c.last_at) AS last_at FROM cell_day c WHERE c.first_at <= :until) AS records_to,
  CAST(count(*) AS BIGINT) AS people, CAST(count(s.secured_at) AS BIGINT) AS secured_after,
  CAST(sum(CASE WHEN s.imsi IS NOT NULL AND s.secured_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS seen_without,
  CAST(sum(CASE WHEN s.imsi IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS not_seen, max(s.secured_at) AS last_at
FROM reached r
LEFT JOIN seen_after s ON s.imsi = r.imsi
