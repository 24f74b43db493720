-- Cell-days with far more first-time visitors than home cells have in those hours and this cell had before. Reads visit_all.

-- @table first_visit
-- New to the cell, whatever address it spoke from: a household whose line reconnects stays a household.
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.imsi AS imsi, min(v.hour_at) AS hour_at
FROM visit_all v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.imsi

-- @table caller
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.source AS source, date_trunc('day', v.hour_at) AS day_at, v.imsi AS imsi,
  CAST(extract(HOUR FROM min(v.hour_at)) AS BIGINT) AS hour, max(CASE WHEN f.hour_at = v.hour_at THEN 1 ELSE 0 END) AS is_new
FROM visit_all v
JOIN first_visit f ON f.plmn = v.plmn AND f.rat = v.rat AND f.cell_type = v.cell_type AND f.cell = v.cell AND f.imsi = v.imsi
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.source, date_trunc('day', v.hour_at), v.imsi

-- @table learnt_from
-- On the first days of the records everybody is new.
SELECT date_trunc('day', min(v.hour_at)) + :learning_days * INTERVAL '1' DAY AS day_at FROM visit_all v

-- @table crowd
-- A cell-day counts as a few visitors at most: a class is its cells, and not the crowds of the few among them. In thousandths of a visitor.
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.source AS source, c.day_at AS day_at,
  CAST(round(1e3 * :most_counted / greatest(count(*), :most_counted)) AS BIGINT) AS thousandths
FROM caller c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.source, c.day_at

-- @table hour_habit
-- The class by the hour in which callers come: opening hours bring strangers, nights do not. In millionths, since whole numbers add up alike.
SELECT c.rat AS rat, c.cell_type AS cell_type, c.hour AS hour, CAST(round(1e6 * sum(c.is_new * w.thousandths) / sum(w.thousandths)) AS BIGINT) AS new_millionths
FROM caller c
JOIN learnt_from l ON c.day_at >= l.day_at
JOIN crowd w ON w.plmn = c.plmn AND w.rat = c.rat AND w.cell_type = c.cell_type AND w.cell = c.cell AND w.source = c.source AND w.day_at = c.day_at
GROUP BY c.rat, c.cell_type, c.hour

-- @table share_day
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, c.day_at AS day_at, min(p.first_at) AS from_at, max(p.last_at) AS to_at,
  CAST(count(*) AS BIGINT) AS tries, CAST(sum(c.is_new) AS BIGINT) AS hits, CAST(sum(coalesce(h.new_millionths, 0)) AS DOUBLE) / 1e6 / count(*) AS expected,
  max(CASE WHEN c.day_at >= l.day_at THEN 1 ELSE 0 END) AS is_tested
FROM caller c
JOIN (
  SELECT q.plmn AS plmn, q.rat AS rat, q.cell_type AS cell_type, q.cell AS cell, q.source AS source, q.hand AS hand, date_trunc('day', q.first_at) AS day_at, min(q.first_at) AS first_at, max(q.last_at) AS last_at
  FROM presence q
  GROUP BY q.plmn, q.rat, q.cell_type, q.cell, q.source, q.hand, date_trunc('day', q.first_at)
) p ON p.plmn = c.plmn AND p.rat = c.rat AND p.cell_type = c.cell_type AND p.cell = c.cell AND p.source = c.source AND p.day_at = c.day_at
CROSS JOIN learnt_from l
LEFT JOIN hour_habit h ON h.rat = c.rat AND h.cell_type = c.cell_type AND h.hour = c.hour
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, c.day_at

-- @table class_habit
-- Sums for the moments of a beta-binomial over the cell-days of a class (Kleinman 1973), of whole numbers, since those add up alike in any
-- order. A cell-day counts as a few visitors at most: a class is its cells, and not the crowds of the few among them.
SELECT c.rat AS rat, c.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(c.weight) AS DOUBLE) AS n, CAST(sum(c.millionths * c.weight) AS DOUBLE) / 1e6 AS x,
  CAST(sum(c.weight * c.weight) AS DOUBLE) AS nn, CAST(sum(CAST(round(1e-6 * c.millionths * c.millionths) AS BIGINT) * c.weight) AS DOUBLE) / 1e6 AS xx_n,
  CAST(sum(CASE WHEN c.tries >= :min_visitors THEN 1 ELSE 0 END) AS BIGINT) AS tests
FROM (
  SELECT s.rat AS rat, s.cell_type AS cell_type, least(s.tries, :most_counted) AS weight, CAST(round(1e6 * s.hits / s.tries) AS BIGINT) AS millionths, s.tries AS tries
  FROM share_day s
  WHERE s.is_tested = 1
) c
GROUP BY c.rat, c.cell_type

-- @table history
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.hits AS hits, s.tries AS tries,
  s.expected AS expected, s.is_tested AS is_tested,
  CAST(coalesce(sum(s.hits) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS hits_before,
  CAST(coalesce(sum(s.tries) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS tries_before
FROM share_day s

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.hits AS hits, h.tries AS tries, h.expected AS expected,
  h.hits_before AS hits_before, h.tries_before AS tries_before, c.days AS days, c.n AS n, c.x AS x, c.nn AS nn, c.xx_n AS xx_n, c.tests AS tests
FROM history h
JOIN class_habit c ON c.rat = h.rat AND c.cell_type = h.cell_type
WHERE h.is_tested = 1 AND h.tries >= :min_visitors AND 2 * h.hits > h.tries
