-- Hours in which a core took in far more permanent identities than it usually does, over many cells at once; and what part of each
-- cell's identities of that day fell into them.

-- @table usual
SELECT c.core AS core, CAST(sum(c.openings) AS DOUBLE) AS openings, CAST(sum(c.identified) AS DOUBLE) AS identified
FROM core_hour c
GROUP BY c.core

-- @table restart_hour
SELECT c.core AS core, c.hour_at AS hour_at, c.openings AS openings, c.identified AS identified, c.cells AS cells
FROM core_hour c
JOIN usual u ON u.core = c.core AND u.openings > 0
WHERE c.openings >= :min_openings AND c.cells >= :min_cells AND c.identified * u.openings >= :min_ratio * u.identified * c.openings
  AND c.identified > :min_share * c.openings

-- @table cell_identity
SELECT i.plmn AS plmn, i.rat AS rat, i.cell_type AS cell_type, i.cell AS cell, p.hand AS hand, date_trunc('day', i.hour_at) AS day_at, i.core AS core, i.hour_at AS hour_at, i.identified AS identified
FROM core_identity_all i
JOIN presence p ON p.plmn = i.plmn AND p.rat = i.rat AND p.cell_type = i.cell_type AND p.cell = i.cell AND p.source = i.source AND date_trunc('day', p.first_at) = date_trunc('day', i.hour_at)

-- @table cell_total
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.day_at AS day_at, CAST(sum(c.identified) AS BIGINT) AS identified
FROM cell_identity c
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.day_at

-- @result
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, r.core AS core, min(r.hour_at) AS from_at, max(r.hour_at) + INTERVAL '1' HOUR AS to_at,
  max(r.cells) AS cells, CAST(sum(r.identified) AS BIGINT) AS identified, CAST(sum(r.openings) AS BIGINT) AS openings, CAST(sum(c.identified) AS BIGINT) AS here_then, max(t.identified) AS here_that_day
FROM restart_hour r
JOIN cell_identity c ON c.core = r.core AND c.hour_at = r.hour_at
JOIN cell_total t ON t.plmn = c.plmn AND t.rat = c.rat AND t.cell_type = c.cell_type AND t.cell = c.cell AND t.hand = c.hand AND t.day_at = c.day_at
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.day_at, r.core
