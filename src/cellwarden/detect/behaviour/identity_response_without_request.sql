-- Cell-days on which phones gave their permanent identity beside no procedure in which a core would have asked for it.

-- @table share_day
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.day_at AS day_at, c.from_at AS from_at, c.to_at AS to_at, c.openings AS tries, least(c.unasked, c.openings) AS hits
FROM conduct_day c
WHERE c.openings > 0

-- @table class_habit
-- Sums for the moments of a beta-binomial over the cell-days of a class (Kleinman 1973), of whole numbers: sums of fractions depend on
-- the order in which threads add them.
SELECT s.rat AS rat, s.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(s.tries) AS DOUBLE) AS n, CAST(sum(s.hits) AS DOUBLE) AS x,
  sum(CAST(s.tries AS DOUBLE) * s.tries) AS nn, CAST(sum(CAST(round(CAST(s.hits AS DOUBLE) * s.hits / s.tries * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM share_day s
GROUP BY s.rat, s.cell_type

-- @table history
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.hits AS hits, s.tries AS tries,
  CAST(coalesce(sum(s.hits) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS hits_before,
  CAST(coalesce(sum(s.tries) OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS tries_before,
  CAST(row_number() OVER (PARTITION BY s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at) AS BIGINT) AS day_number
FROM share_day s

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.hits AS hits, h.tries AS tries,
  h.hits_before AS hits_before, h.tries_before AS tries_before, h.day_number AS day_number, c.days AS days, c.n AS n, c.x AS x, c.nn AS nn, c.xx_n AS xx_n
FROM history h
JOIN class_habit c ON c.rat = h.rat AND c.cell_type = h.cell_type
WHERE h.hits >= :min_hits AND h.tries >= :min_tries AND h.hits * c.n > 2 * c.x * h.tries
