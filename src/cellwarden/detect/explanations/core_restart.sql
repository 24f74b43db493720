-- Hours in which a core took in far more permanent identities than it usually does, over many cells at once.

-- @table usual
SELECT c.core AS core, CAST(sum(c.openings) AS DOUBLE) AS openings, CAST(sum(c.identified) AS DOUBLE) AS identified
FROM core_hour c
GROUP BY c.core

-- @table announced
SELECT DISTINCT e.core AS core, date_trunc('hour', e.from_at) AS hour_at
FROM events e
WHERE e.kind = 'core_restart' AND e.from_at IS NOT NULL

-- @result
SELECT c.core AS core, c.hour_at AS from_at, c.hour_at + INTERVAL '1' HOUR AS to_at, c.openings AS openings, c.identified AS identified, c.cells AS cells,
  u.identified / u.openings AS usual_share, CAST(CASE WHEN a.hour_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_announced
FROM core_hour c
JOIN usual u ON u.core = c.core AND u.openings > 0
LEFT JOIN announced a ON a.hour_at = c.hour_at AND (a.core = c.core OR a.core IS NULL)
WHERE c.openings >= :min_openings AND c.cells >= :min_cells AND c.identified * u.openings >= :min_ratio * u.identified * c.openings
  AND c.identified > :min_share * c.openings
