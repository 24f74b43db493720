-- Hours of a core against its own other days, rows that a slipped clock moved by hours, and cell-days with ids that occur once and that no
-- customer has. Reads core_visit_all.

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

-- @table core_clock
-- Every hour of the records for every core, beside what that core has at that hour on its other days.
SELECT h.hour_at AS hour_at, n.core AS core, coalesce(c.openings, 0) AS openings, CAST(p.openings - coalesce(c.openings, 0) AS DOUBLE) / (n.days - 1) AS usual
FROM (SELECT DISTINCT o.hour_at AS hour_at FROM core_hour o) h
JOIN core_days n ON n.days > 1
JOIN core_profile p ON p.core = n.core AND p.hour_of_day = CAST(extract(HOUR FROM h.hour_at) AS BIGINT)
LEFT JOIN core_hour c ON c.core = n.core AND c.hour_at = h.hour_at

-- @table standstill
-- Hours in which a core stood still while the others ran on, numbered so that hours in a row have one beginning in common.
SELECT q.core AS core, q.hour_at AS hour_at, q.usual - q.openings AS lacking,
  q.hour_at - row_number() OVER (PARTITION BY q.core ORDER BY q.hour_at) * INTERVAL '1' HOUR AS island
FROM core_clock q
JOIN (SELECT a.hour_at AS hour_at, CAST(sum(a.openings) AS BIGINT) AS openings, CAST(sum(a.usual) AS DOUBLE) AS usual FROM core_clock a GROUP BY a.hour_at) t ON t.hour_at = q.hour_at
WHERE q.usual >= :min_usual AND q.openings <= :max_rest * q.usual AND t.openings - q.openings > :max_rest * (t.usual - q.usual)

-- @table gap
SELECT s.core AS core, min(s.hour_at) AS from_at, max(s.hour_at) + INTERVAL '1' HOUR AS until_at, CAST(sum(s.lacking) AS DOUBLE) AS lacking, CAST(count(*) AS BIGINT) AS hours
FROM standstill s
GROUP BY s.core, s.island
HAVING count(*) >= :min_silent_hours

-- @table shift
-- What a gap lacks turns up in the rest of the day after it (a clock ahead) or before it (a clock behind). What an outage lacks is gone.
SELECT g.core AS core, g.from_at AS gap_at, g.until_at AS gap_until_at, g.hours AS hours, g.until_at AS from_at, g.from_at + INTERVAL '24' HOUR AS until_at
FROM gap g
JOIN core_clock c ON c.core = g.core AND c.hour_at >= g.until_at AND c.hour_at < g.from_at + INTERVAL '24' HOUR
GROUP BY g.core, g.from_at, g.until_at, g.hours, g.lacking
HAVING sum(c.openings - c.usual) >= :min_returned * g.lacking
UNION ALL
SELECT g.core AS core, g.from_at AS gap_at, g.until_at AS gap_until_at, -g.hours AS hours, g.until_at - INTERVAL '24' HOUR AS from_at, g.from_at AS until_at
FROM gap g
JOIN core_clock c ON c.core = g.core AND c.hour_at >= g.until_at - INTERVAL '24' HOUR AND c.hour_at < g.from_at
GROUP BY g.core, g.from_at, g.until_at, g.hours, g.lacking
HAVING sum(c.openings - c.usual) >= :min_returned * g.lacking

-- @table shifted
-- A home cell that the slipped core alone shows, hour by hour: were it really on the air, the other cores' phones would have been there too.
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.source AS source, s.core AS core, s.hours AS hours, v.first_at AS first_at, v.last_at AS last_at
FROM core_visit_all v
JOIN shift s ON s.core = v.core AND v.hour_at >= s.from_at AND v.hour_at < s.until_at

-- @table copy
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.source AS source, c.core AS core, c.hours AS hours, min(c.first_at) AS from_at, max(c.last_at) AS to_at
FROM shifted c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.source, c.core, c.hours

-- @table witnessed
-- A spell that another core shows too is real, whatever hour it was; a spell ends with six hours of silence.
SELECT DISTINCT c.plmn AS plmn, c.rat AS rat, c.cell AS cell, c.source AS source, c.core AS core, c.from_at AS from_at
FROM copy c
JOIN core_visit_all o ON o.plmn = c.plmn AND o.rat = c.rat AND o.cell = c.cell AND o.source = c.source AND o.core <> c.core
  AND o.last_at >= c.from_at - INTERVAL '6' HOUR AND o.first_at <= c.to_at + INTERVAL '6' HOUR

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
  coalesce(h.openings, 0) AS openings, p.openings AS profile, n.days AS days, CAST(0 AS BIGINT) AS broken, CAST(0 AS BIGINT) AS people, z.first_at AS first_at, z.last_at AS last_at, CAST(0 AS BIGINT) AS hours
FROM core_day d
CROSS JOIN recorded z
JOIN core_profile p ON p.core = d.core
JOIN core_days n ON n.core = d.core
LEFT JOIN core_hour h ON h.core = d.core AND date_trunc('day', h.hour_at) = d.day_at AND CAST(extract(HOUR FROM h.hour_at) AS BIGINT) = p.hour_of_day
UNION ALL
SELECT 'ids' AS subject, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, '' AS core, CAST(0 AS BIGINT) AS hour_of_day, p.first_at AS from_at, p.last_at AS to_at,
  CAST(0 AS BIGINT) AS openings, CAST(0 AS BIGINT) AS profile, CAST(0 AS BIGINT) AS days, b.broken AS broken, p.subscribers AS people, p.first_at AS first_at, p.last_at AS last_at, CAST(0 AS BIGINT) AS hours
FROM broken_day b
JOIN presence p ON p.plmn = b.plmn AND p.rat = b.rat AND p.cell_type = b.cell_type AND p.cell = b.cell AND p.source = b.source AND date_trunc('day', p.first_at) = b.day_at
CROSS JOIN known_people q
WHERE q.known >= :min_known * q.people AND b.broken >= :min_broken AND b.broken >= :min_broken_share * p.subscribers
UNION ALL
SELECT 'slip' AS subject, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand, s.core AS core, CAST(0 AS BIGINT) AS hour_of_day, least(s.gap_at, s.from_at) AS from_at, greatest(s.gap_until_at, s.until_at) AS to_at,
  CAST(0 AS BIGINT) AS openings, CAST(0 AS BIGINT) AS profile, CAST(0 AS BIGINT) AS days, CAST(0 AS BIGINT) AS broken, CAST(0 AS BIGINT) AS people, s.from_at AS first_at, s.until_at AS last_at, s.hours AS hours
FROM shift s
UNION ALL
SELECT DISTINCT 'copy' AS subject, c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, p.hand AS hand, c.core AS core, CAST(0 AS BIGINT) AS hour_of_day, c.from_at AS from_at, c.to_at AS to_at,
  CAST(0 AS BIGINT) AS openings, CAST(0 AS BIGINT) AS profile, CAST(0 AS BIGINT) AS days, CAST(0 AS BIGINT) AS broken, CAST(0 AS BIGINT) AS people, c.from_at AS first_at, c.to_at AS last_at, c.hours AS hours
FROM copy c
JOIN presence p ON p.plmn = c.plmn AND p.rat = c.rat AND p.cell_type = c.cell_type AND p.cell = c.cell AND p.source = c.source AND p.first_at <= c.to_at AND p.last_at >= c.from_at
LEFT JOIN witnessed w ON w.plmn = c.plmn AND w.rat = c.rat AND w.cell = c.cell AND w.source = c.source AND w.core = c.core AND w.from_at = c.from_at
WHERE w.cell IS NULL
