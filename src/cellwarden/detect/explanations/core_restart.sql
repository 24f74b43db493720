-- Hours in which a core took in far more permanent identities than it usually does, over many cells at once.

-- @table usual
SELECT c.core AS core, CAST(sum(c.openings) AS DOUBLE) AS openings, CAST(sum(c.identified) AS DOUBLE) AS identified
FROM core_hour c
GROUP BY c.core

-- @result
SELECT c.core AS core, c.hour_at AS from_at, c.hour_at + INTERVAL '1' HOUR AS to_at, c.openings AS openings, c.identified AS identified, c.cells AS cells
FROM core_hour c
JOIN usual u ON u.core = c.core AND u.openings > 0
WHERE c.openings >= :min_openings AND c.cells >= :min_cells AND c.identified * u.openings >= :min_ratio * u.identified * c.openings
  AND c.identified > :min_share * c.openings
