-- Certificates that equipment showed when it joined, against what this fleet's certificates are like.

-- @table presented
SELECT l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.source_ip AS source_ip,
  l.certificate_issuer AS issuer, min(l.at) AS from_at,
  (extract(YEAR FROM l.certificate_not_after) - extract(YEAR FROM l.certificate_not_before)) * 12
    + extract(MONTH FROM l.certificate_not_after) - extract(MONTH FROM l.certificate_not_before) AS months,
  max(CASE WHEN l.at > l.certificate_not_after OR l.at < l.certificate_not_before THEN 1 ELSE 0 END) AS is_outside
FROM link l
WHERE l.event IN ('ike_up', 's1_setup', 'hems_inform') AND coalesce(l.result, 'ok') = 'ok'
  AND (l.certificate_issuer IS NOT NULL OR l.certificate_not_after IS NOT NULL OR l.certificate_not_before IS NOT NULL)
GROUP BY l.plmn, l.cell_type, l.cell, l.hand, l.source_ip, l.certificate_issuer, l.certificate_not_before, l.certificate_not_after

-- @table issuer_habit
SELECT p.issuer AS issuer, CAST(count(DISTINCT p.hand) AS BIGINT) AS hands FROM presented p WHERE p.issuer IS NOT NULL GROUP BY p.issuer

-- @table validity_habit
SELECT h.months AS months, CAST(count(*) AS BIGINT) AS hands
FROM (SELECT p.hand AS hand, max(p.months) AS months FROM presented p WHERE p.months IS NOT NULL GROUP BY p.hand) h
GROUP BY h.months

-- @table longer
SELECT a.months AS months, CAST(sum(CASE WHEN b.months >= a.months THEN b.hands ELSE 0 END) AS BIGINT) AS hands,
  CAST(sum(CASE WHEN b.months <> a.months THEN b.hands * b.months ELSE 0 END) AS BIGINT) AS months_of_others,
  CAST(sum(CASE WHEN b.months <> a.months THEN b.hands ELSE 0 END) AS BIGINT) AS others
FROM validity_habit a
JOIN validity_habit b ON b.hands > 0
GROUP BY a.months

-- @table policy
SELECT CAST(count(DISTINCT p.hand) AS BIGINT) AS hands, CAST(count(DISTINCT CASE WHEN p.is_outside = 1 THEN p.hand END) AS BIGINT) AS outside FROM presented p

-- @table unlike
-- What is longer than most of the others' and not most of the fleet's own.
SELECT l.months AS months, l.hands AS hands
FROM longer l
JOIN policy o ON o.hands > 0
WHERE l.months * l.others > :min_ratio * l.months_of_others AND l.others > 0 AND 2 * l.hands < o.hands

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source_ip AS source_ip, p.from_at AS from_at,
  TIMESTAMP '2999-01-01 00:00:00' AS to_at, p.issuer AS issuer, i.hands AS issuer_hands, CAST(p.months AS BIGINT) AS months, v.hands AS validity_hands,
  CAST(p.is_outside AS BIGINT) AS is_outside, o.outside AS outside_hands, o.hands AS hands
FROM presented p
JOIN policy o ON o.hands > 0
LEFT JOIN issuer_habit i ON i.issuer = p.issuer
LEFT JOIN unlike v ON v.months = p.months
WHERE p.cell IS NOT NULL AND (2 * i.hands < o.hands OR p.is_outside = 1 OR v.months IS NOT NULL)
