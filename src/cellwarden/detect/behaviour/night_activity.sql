-- Nights on which strangers come to a home cell, against the hours of its class and its own. Reads night_visit of night.sql.

-- @table guest
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.imsi AS imsi, count(DISTINCT n.turn_at) AS turns
FROM night_visit n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.imsi

-- @table stranger
-- Who was there on two days at most is no resident, no nurse, no regular.
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, g.imsi AS imsi FROM guest g WHERE g.turns <= 2

-- @table share_source
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, n.turn_at AS turn_at,
  min(n.hour_at) AS from_at, max(n.hour_at) + INTERVAL '1' HOUR AS to_at, max(CASE WHEN n.is_night = 1 THEN n.hour_at END) + INTERVAL '1' HOUR AS night_at,
  CAST(count(DISTINCT n.imsi) AS BIGINT) AS tries, CAST(count(DISTINCT CASE WHEN n.is_night = 1 THEN n.imsi END) AS BIGINT) AS hits
FROM night_visit n
JOIN stranger s ON s.plmn = n.plmn AND s.rat = n.rat AND s.cell_type = n.cell_type AND s.cell = n.cell AND s.imsi = n.imsi
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.source, n.turn_at

-- @table source_hand
SELECT x.plmn AS plmn, x.rat AS rat, x.cell_type AS cell_type, x.cell AS cell, x.source AS source, x.day_at AS day_at, min(x.hand) AS hand
FROM (SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, date_trunc('day', p.first_at) AS day_at, p.hand AS hand FROM presence p) x
GROUP BY x.plmn, x.rat, x.cell_type, x.cell, x.source, x.day_at

-- @table share_day
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, h.hand AS hand, s.turn_at AS turn_at, min(s.from_at) AS from_at, max(s.to_at) AS to_at, max(s.night_at) AS night_at,
  CAST(sum(s.tries) AS BIGINT) AS tries, CAST(sum(s.hits) AS BIGINT) AS hits
FROM share_source s
JOIN source_hand h ON h.plmn = s.plmn AND h.rat = s.rat AND h.cell_type = s.cell_type AND h.cell = s.cell AND h.source = s.source AND h.day_at = date_trunc('day', s.from_at)
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, h.hand, s.turn_at

-- @table class_habit
-- Sums for the moments of a beta-binomial over the cell-days of a class (Kleinman 1973), of whole numbers, since those add up alike in any
-- order. A cell-day counts as a few visitors at most: a class is its cells, and not the crowds of the few among them.
SELECT c.rat AS rat, c.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(c.weight) AS DOUBLE) AS n, CAST(sum(c.millionths * c.weight) AS DOUBLE) / 1e6 AS x,
  CAST(sum(c.weight * c.weight) AS DOUBLE) AS nn, CAST(sum(CAST(round(1e-6 * c.millionths * c.millionths) AS BIGINT) * c.weight) AS DOUBLE) / 1e6 AS xx_n
FROM (
  SELECT s.rat AS rat, s.cell_type AS cell_type, least(s.tries, :most_counted) AS weight, CAST(round(1e6 * s.hits / s.tries) AS BIGINT) AS millionths
  FROM share_day s
) c
GROUP BY c.rat, c.cell_type

-- @table history
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.night_at AS night_at, s.hits AS hits, s.tries AS tries,
  CAST(coalesce(sum(s.hits) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.turn_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS hits_before,
  CAST(coalesce(sum(s.tries) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.turn_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS tries_before
FROM share_day s

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.night_at AS night_at, h.hits AS hits, h.tries AS tries,
  h.hits_before AS hits_before, h.tries_before AS tries_before, c.days AS days, c.n AS n, c.x AS x, c.nn AS nn, c.xx_n AS xx_n
FROM history h
JOIN class_habit c ON c.rat = h.rat AND c.cell_type = h.cell_type
WHERE h.hits >= :min_strangers AND 2 * h.hits > h.tries
