-- Hours of a core against its own other days, and cell-days with ids that occur once and that no customer has.

-- @table core_profile
SELECT c.core AS core, CAST(extract(HOUR FROM c.hour_at) AS BIGINT) AS hour_of_day, CAST(sum(c.openings) AS BIGINT) AS openings
FROM core_hour c
GROUP BY c.core, CAST(extract(HOUR FROM c.hour_at) AS BIGINT)

-- @table core_day
SELECT DISTINCT c.core AS core, date_trunc('day', c.hour_at) AS day_at FROM core_hour c

-- @table core_days
SELECT d.core AS core, CAST(count(*) AS BIGINT) AS days FROM core_day d GROUP BY d.core

-- @table recorded
SELECT min(c.hour_at) AS first_at, max(c.hour_at) AS last_at FROM core_hour c

-- @table known_people
SELECT CAST(count(*) AS BIGINT) AS people, CAST(sum(CASE WHEN s.imsi IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS known
FROM (SELECT DISTINCT t.imsi AS imsi FROM touch t WHERE t.imsi IS NOT NULL) p
LEFT JOIN (SELECT DISTINCT u.imsi AS imsi FROM subscribers u) s ON s.imsi = p.imsi

-- @table single
-- Ids of one row in all the records, and no customer's: what a truncated or mistyped identifier looks like.
SELECT p.imsi AS imsi
FROM (SELECT t.imsi AS imsi, CAST(sum(t.events) AS BIGINT) AS events FROM touch t WHERE t.imsi IS NOT NULL GROUP BY t.imsi) p
LEFT JOIN (SELECT DISTINCT u.imsi AS imsi FROM subscribers u) s ON s.imsi = p.imsi
WHERE p.events = 1 AND s.imsi IS NULL

-- @table broken_day
SELECT t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, k.cell_type, '') AS cell_type, t.cell AS cell, coalesce(t.source, 'tac ' || CAST(t.tac AS STRING)) AS source,
  date_trunc('day', t.first_at) AS day_at, CAST(count(DISTINCT t.imsi) AS BIGINT) AS broken
FROM touch t
JOIN single s ON s.imsi = t.imsi
LEFT JOIN cell_kind k ON k.plmn = t.plmn AND k.cell = t.cell
GROUP BY t.plmn, t.rat, coalesce(t.cell_type, k.cell_type, ''), t.cell, coalesce(t.source, 'tac ' || CAST(t.tac AS STRING)), date_trunc('day', t.first_at)

-- @result
SELECT 'hour' AS subject, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand, d.core AS core, p.hour_of_day AS hour_of_day, d.day_at AS from_at, d.day_at + INTERVAL '1' DAY AS to_at,
  coalesce(h.openings, 0) AS openings, p.openings AS profile, n.days AS days, CAST(0 AS BIGINT) AS broken, CAST(0 AS BIGINT) AS people, z.first_at AS first_at, z.last_at AS last_at
FROM core_day d
CROSS JOIN recorded z
JOIN core_profile p ON p.core = d.core
JOIN core_days n ON n.core = d.core
LEFT JOIN core_hour h ON h.core = d.core AND date_trunc('day', h.hour_at) = d.day_at AND CAST(extract(HOUR FROM h.hour_at) AS BIGINT) = p.hour_of_day
UNION ALL
SELECT 'ids' AS subject, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, '' AS core, CAST(0 AS BIGINT) AS hour_of_day, p.first_at AS from_at, p.last_at AS to_at,
  CAST(0 AS BIGINT) AS openings, CAST(0 AS BIGINT) AS profile, CAST(0 AS BIGINT) AS days, b.broken AS broken, p.subscribers AS people, p.first_at AS first_at, p.last_at AS last_at
FROM broken_day b
JOIN presence p ON p.plmn = b.plmn AND p.rat = b.rat AND p.cell_type = b.cell_type AND p.cell = b.cell AND p.source = b.source AND date_trunc('day', p.first_at) = b.day_at
CROSS JOIN known_people q
WHERE q.known >= :min_known * q.people AND b.broken >= :min_broken AND b.broken >= :min_broken_share * p.subscribers
