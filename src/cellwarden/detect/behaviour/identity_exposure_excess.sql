-- Cell-days on which more phones gave their permanent identity than this kind of cell, and this cell before, let expect.

-- @table kind_of_presence
-- A detach or an IMS registration may carry the identity too, without being one of the openings: no share may exceed the whole.
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, date_trunc('day', p.first_at) AS day_at,
  min(p.first_at) AS from_at, max(p.last_at) AS to_at, CAST(sum(p.openings) AS BIGINT) AS openings, CAST(sum(least(p.identified, p.openings)) AS BIGINT) AS identified
FROM presence p
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, date_trunc('day', p.first_at)

-- @table class_habit
-- Sums of whole numbers, since sums of fractions depend on the order in which threads add them.
-- Sums for the moments of a beta-binomial over the cell-days of a class (Kleinman 1973): share, and how much days differ.
SELECT k.rat AS rat, k.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(k.openings) AS DOUBLE) AS n, CAST(sum(k.identified) AS DOUBLE) AS x,
  sum(CAST(k.openings AS DOUBLE) * k.openings) AS nn, CAST(sum(CAST(round(CAST(k.identified AS DOUBLE) * k.identified / k.openings * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM kind_of_presence k
WHERE k.openings > 0
GROUP BY k.rat, k.cell_type

-- @table history
SELECT k.plmn AS plmn, k.rat AS rat, k.cell_type AS cell_type, k.cell AS cell, k.hand AS hand, k.from_at AS from_at, k.to_at AS to_at,
  k.openings AS openings, k.identified AS identified,
  CAST(coalesce(sum(k.openings) OVER (PARTITION BY k.plmn, k.rat, k.cell_type, k.cell, k.hand ORDER BY k.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS openings_before,
  CAST(coalesce(sum(k.identified) OVER (PARTITION BY k.plmn, k.rat, k.cell_type, k.cell, k.hand ORDER BY k.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS identified_before
FROM kind_of_presence k

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at,
  h.openings AS openings, h.identified AS identified, h.openings_before AS openings_before, h.identified_before AS identified_before,
  c.days AS days, c.n AS n, c.x AS x, c.nn AS nn, c.xx_n AS xx_n
FROM history h
JOIN class_habit c ON c.rat = h.rat AND c.cell_type = h.cell_type
WHERE h.openings >= :min_openings AND h.identified >= :min_identified AND h.identified * c.n > 2 * c.x * h.openings
