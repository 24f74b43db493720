-- Whose number lives on another IMSI now. Reads subscribers and touch; reached is handed in. A number that two people share tells of neither.

-- @table number_of
SELECT r.imsi AS imsi, min(s.msisdn) AS msisdn
FROM reached r
JOIN subscribers s ON s.imsi = r.imsi
WHERE s.msisdn IS NOT NULL
GROUP BY r.imsi
HAVING count(DISTINCT s.msisdn) = 1

-- @table successor
SELECT n.imsi AS imsi, min(t.imsi) AS new_imsi
FROM number_of n
JOIN subscribers t ON t.msisdn = n.msisdn AND t.imsi <> n.imsi
GROUP BY n.imsi
HAVING count(DISTINCT t.imsi) = 1

-- @table on_air_after
SELECT t.imsi AS imsi, min(t.first_at) AS first_at, max(t.last_at) AS last_at
FROM touch t
GROUP BY t.imsi

-- @table swap_of
SELECT r.imsi AS imsi, n.msisdn AS msisdn, u.new_imsi AS new_imsi, w.first_at AS new_first_at, w.last_at AS new_last_at, o.last_at AS old_last_at
FROM reached r
LEFT JOIN number_of n ON n.imsi = r.imsi
LEFT JOIN successor u ON u.imsi = r.imsi
LEFT JOIN on_air_after w ON w.imsi = u.new_imsi
LEFT JOIN on_air_after o ON o.imsi = r.imsi

-- @result
SELECT (SELECT max(c.last_at) AS last_at FROM cell_day c WHERE c.first_at <= :until) AS records_to, CAST(count(*) AS BIGINT) AS people,
  CAST(sum(CASE WHEN s.new_first_at > :since THEN 1 ELSE 0 END) AS BIGINT) AS swapped_after,
  CAST(sum(CASE WHEN s.new_first_at > :since AND s.old_last_at > s.new_first_at THEN 1 ELSE 0 END) AS BIGINT) AS both_on_air,
  CAST(sum(CASE WHEN s.new_imsi IS NOT NULL AND (s.new_first_at IS NULL OR s.new_first_at <= :since) THEN 1 ELSE 0 END) AS BIGINT) AS on_paper,
  CAST(sum(CASE WHEN s.new_imsi IS NULL AND s.old_last_at > :since THEN 1 ELSE 0 END) AS BIGINT) AS still_old,
  CAST(sum(CASE WHEN s.new_imsi IS NULL AND (s.old_last_at IS NULL OR s.old_last_at <= :since) THEN 1 ELSE 0 END) AS BIGINT) AS not_seen,
  CAST(sum(CASE WHEN s.msisdn IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS without_number
FROM swap_of s
