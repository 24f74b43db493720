-- Cells at which the permanent identity was readable far more often on a day than at others of their kind. Reads cell_day.
-- strength: the binomial z of the share, as if every opening were independent of the others, which they are not.

-- @table asked
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, min(c.first_at) AS from_at, max(c.last_at) AS to_at,
  CAST(sum(c.openings) AS BIGINT) AS openings, CAST(sum(c.identified) AS BIGINT) AS identified
FROM cell_day c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, date_trunc('day', c.first_at)

-- @table usual
SELECT a.rat AS rat, a.cell_type AS cell_type, CAST(sum(a.identified) AS DOUBLE) / CAST(sum(a.openings) AS DOUBLE) AS usual_share
FROM asked a
GROUP BY a.rat, a.cell_type
HAVING sum(a.openings) > 0

-- @table scored
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.from_at AS from_at, a.to_at AS to_at,
  (CAST(a.identified AS DOUBLE) / a.openings - u.usual_share) / sqrt(u.usual_share * (1e0 - u.usual_share) / a.openings) AS strength
FROM asked a
JOIN usual u ON u.rat = a.rat AND coalesce(u.cell_type, '') = coalesce(a.cell_type, '')
WHERE a.openings >= :least_openings AND u.usual_share > 0e0 AND u.usual_share < 1e0

-- @result
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.from_at AS from_at, s.to_at AS to_at, s.to_at AS known_at, s.strength AS strength
FROM scored s
WHERE s.strength >= :least
ORDER BY plmn, rat, cell_type NULLS FIRST, cell, from_at
