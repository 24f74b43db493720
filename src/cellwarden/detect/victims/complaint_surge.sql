-- Complaints of one theme that come from one district, and from the people of one cell, more than the theme's others of those days.

-- @table told
-- A theme is what the agent coded; a complaint about a payment has one even without.
SELECT c.complaint_id AS complaint_id, c.imsi AS imsi, c.at AS at, coalesce(c.about_from, c.at) AS about_at,
  coalesce(c.topic, CASE WHEN c.payment_id IS NOT NULL THEN 'payment' ELSE 'other' END) AS theme, coalesce(c.district, s.district) AS district
FROM complaints c
LEFT JOIN (SELECT u.imsi AS imsi, min(u.district) AS district FROM subscribers u GROUP BY u.imsi) s ON s.imsi = c.imsi

-- @table district_day
SELECT t.theme AS theme, t.district AS district, date_trunc('day', t.at) AS day_at, min(t.at) AS from_at, max(t.at) AS to_at, CAST(count(*) AS BIGINT) AS hits
FROM told t
WHERE t.district IS NOT NULL
GROUP BY t.theme, t.district, date_trunc('day', t.at)

-- @table theme_day
-- A news day makes the theme's total grow, and with it what is expected of every district.
SELECT d.theme AS theme, d.day_at AS day_at, CAST(sum(d.hits) AS BIGINT) AS tries FROM district_day d GROUP BY d.theme, d.day_at

-- @table district_size
-- How many people may complain: exposure. Without subscribers, all complaints of the district stand for them.
SELECT x.district AS district, CAST(max(x.people) AS BIGINT) AS people
FROM (
  SELECT u.district AS district, count(*) AS people FROM subscribers u WHERE u.district IS NOT NULL GROUP BY u.district
  UNION ALL
  SELECT t.district AS district, count(*) AS people FROM told t WHERE t.district IS NOT NULL GROUP BY t.district
) x
GROUP BY x.district

-- @table everybody
SELECT CAST(sum(z.people) AS BIGINT) AS people FROM district_size z

-- @table tested
SELECT CAST(count(*) AS BIGINT) AS tests FROM district_day d

-- @table heard
SELECT DISTINCT t.theme AS theme, t.imsi AS imsi, t.at AS known_at, h.plmn AS plmn, h.rat AS rat, coalesce(h.cell_type, k.cell_type, '') AS cell_type, h.cell AS cell,
  coalesce(h.source, 'tac ' || CAST(h.tac AS STRING)) AS source, date_trunc('day', h.first_at) AS day_at
FROM told t
JOIN touch h ON h.imsi = t.imsi AND h.first_at <= t.about_at AND h.last_at >= t.about_at - :before_days * INTERVAL '1' DAY
LEFT JOIN cell_kind k ON k.plmn = h.plmn AND k.cell = h.cell

-- @table heard_day
SELECT e.theme AS theme, e.imsi AS imsi, e.known_at AS known_at, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source, p.first_at AS first_at, p.last_at AS last_at, p.subscribers AS subscribers
FROM heard e
JOIN presence p ON p.plmn = e.plmn AND p.rat = e.rat AND p.cell_type = e.cell_type AND p.cell = e.cell AND p.source = e.source AND date_trunc('day', p.first_at) = e.day_at

-- @table audience
SELECT x.theme AS theme, x.plmn AS plmn, x.rat AS rat, x.cell_type AS cell_type, x.cell AS cell, x.hand AS hand, CAST(sum(x.subscribers) AS BIGINT) AS tries
FROM (SELECT DISTINCT y.theme AS theme, y.plmn AS plmn, y.rat AS rat, y.cell_type AS cell_type, y.cell AS cell, y.hand AS hand, y.source AS source, y.first_at AS first_at, y.subscribers AS subscribers FROM heard_day y) x
GROUP BY x.theme, x.plmn, x.rat, x.cell_type, x.cell, x.hand

-- @table voice
SELECT y.theme AS theme, y.plmn AS plmn, y.rat AS rat, y.cell_type AS cell_type, y.cell AS cell, y.hand AS hand, min(y.first_at) AS from_at, max(y.last_at) AS to_at, max(y.known_at) AS known_at,
  CAST(count(DISTINCT y.imsi) AS BIGINT) AS hits
FROM heard_day y
GROUP BY y.theme, y.plmn, y.rat, y.cell_type, y.cell, y.hand

-- @table share_cell
SELECT v.theme AS theme, v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, v.from_at AS from_at, v.to_at AS to_at, v.known_at AS known_at, least(v.hits, a.tries) AS hits, a.tries AS tries
FROM voice v
JOIN audience a ON a.theme = v.theme AND a.plmn = v.plmn AND a.rat = v.rat AND a.cell_type = v.cell_type AND a.cell = v.cell AND a.hand = v.hand
WHERE a.tries > 0

-- @table theme_habit
-- Over the cells that a complainant was on: those at which nobody complained would only lower it.
SELECT s.theme AS theme, s.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(s.tries) AS DOUBLE) AS n, CAST(sum(s.hits) AS DOUBLE) AS x, sum(CAST(s.tries AS DOUBLE) * s.tries) AS nn,
  CAST(sum(CAST(round(CAST(s.hits AS DOUBLE) * s.hits / s.tries * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM share_cell s
GROUP BY s.theme, s.cell_type

-- @result
SELECT 'district' AS subject_kind, d.theme AS theme, d.district AS district, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand, d.from_at AS from_at, d.to_at AS to_at, d.to_at AS known_at,
  d.hits AS hits, t.tries AS tries, CAST(z.people AS DOUBLE) / e.people AS expected, n.tests AS tests, CAST(0 AS BIGINT) AS days, 0e0 AS n, 0e0 AS x, 0e0 AS nn, 0e0 AS xx_n
FROM district_day d
JOIN theme_day t ON t.theme = d.theme AND t.day_at = d.day_at
JOIN district_size z ON z.district = d.district
JOIN everybody e ON e.people > 0
CROSS JOIN tested n
WHERE d.hits >= :min_complaints AND t.tries > d.hits
UNION ALL
SELECT 'cell' AS subject_kind, s.theme AS theme, '' AS district, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.known_at AS known_at,
  s.hits AS hits, s.tries AS tries, 0e0 AS expected, h.days AS tests, h.days AS days, h.n AS n, h.x AS x, h.nn AS nn, h.xx_n AS xx_n
FROM share_cell s
JOIN theme_habit h ON h.theme = s.theme AND h.cell_type = s.cell_type
WHERE s.hits >= :min_complainants AND s.hits * h.n > 2 * h.x * s.tries
