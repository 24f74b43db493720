-- Cell-days on which ciphering was null, or IMS unprotected, more often than for this model and kind of cell, and this cell before.

-- @table model_day
-- The model is what the registry says of the cell; what it does not know is compared with its kind of cell as a whole.
SELECT DISTINCT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, date_trunc('day', r.first_at) AS day_at, max(v.software) AS model
FROM registered r
LEFT JOIN (
  SELECT e.plmn AS plmn, e.cell_type AS cell_type, e.cell AS cell, max(coalesce(e.vendor, '') || ' ' || coalesce(e.software, '')) AS software
  FROM equipment_version e
  WHERE e.status = 'active' AND (e.vendor IS NOT NULL OR e.software IS NOT NULL)
  GROUP BY e.plmn, e.cell_type, e.cell
) v ON v.plmn = r.plmn AND v.cell_type = r.cell_type AND v.cell = r.cell
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand, date_trunc('day', r.first_at)

-- @table share_day
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.day_at AS day_at, c.from_at AS from_at, c.to_at AS to_at,
  0 AS is_ims, m.model AS model, c.ciphered AS tries, c.unciphered AS hits
FROM conduct_day c
JOIN model_day m ON m.plmn = c.plmn AND m.rat = c.rat AND m.cell_type = c.cell_type AND m.cell = c.cell AND m.hand = c.hand AND m.day_at = c.day_at
WHERE c.ciphered > 0
UNION ALL
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.day_at AS day_at, c.from_at AS from_at, c.to_at AS to_at,
  1 AS is_ims, m.model AS model, c.registrations AS tries, c.unprotected AS hits
FROM conduct_day c
JOIN model_day m ON m.plmn = c.plmn AND m.rat = c.rat AND m.cell_type = c.cell_type AND m.cell = c.cell AND m.hand = c.hand AND m.day_at = c.day_at
WHERE c.registrations > 0

-- @table kind_habit
SELECT s.is_ims AS is_ims, s.rat AS rat, s.cell_type AS cell_type, CAST(count(*) AS BIGINT) AS days, CAST(sum(s.tries) AS DOUBLE) AS n, CAST(sum(s.hits) AS DOUBLE) AS x,
  sum(CAST(s.tries AS DOUBLE) * s.tries) AS nn, CAST(sum(CAST(round(CAST(s.hits AS DOUBLE) * s.hits / s.tries * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM share_day s
GROUP BY s.is_ims, s.rat, s.cell_type

-- @table model_habit
SELECT s.is_ims AS is_ims, s.rat AS rat, s.cell_type AS cell_type, s.model AS model, CAST(count(*) AS BIGINT) AS days, CAST(sum(s.tries) AS DOUBLE) AS n, CAST(sum(s.hits) AS DOUBLE) AS x,
  sum(CAST(s.tries AS DOUBLE) * s.tries) AS nn, CAST(sum(CAST(round(CAST(s.hits AS DOUBLE) * s.hits / s.tries * 1e6) AS BIGINT)) AS DOUBLE) / 1e6 AS xx_n
FROM share_day s
WHERE s.model IS NOT NULL
GROUP BY s.is_ims, s.rat, s.cell_type, s.model
HAVING count(DISTINCT s.cell) >= :min_model_cells

-- @table history
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.is_ims AS is_ims, s.model AS model, s.from_at AS from_at, s.to_at AS to_at, s.hits AS hits, s.tries AS tries,
  CAST(coalesce(sum(s.hits) OVER (PARTITION BY s.is_ims, s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS hits_before,
  CAST(coalesce(sum(s.tries) OVER (PARTITION BY s.is_ims, s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS tries_before,
  CAST(row_number() OVER (PARTITION BY s.is_ims, s.plmn, s.rat, s.cell_type, s.cell, s.hand ORDER BY s.day_at) AS BIGINT) AS day_number
FROM share_day s

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, CAST(h.is_ims AS BIGINT) AS is_ims,
  h.hits AS hits, h.tries AS tries, h.hits_before AS hits_before, h.tries_before AS tries_before, h.day_number AS day_number, coalesce(m.days, k.days) AS days, coalesce(m.n, k.n) AS n, coalesce(m.x, k.x) AS x,
  coalesce(m.nn, k.nn) AS nn, coalesce(m.xx_n, k.xx_n) AS xx_n
FROM history h
JOIN kind_habit k ON k.is_ims = h.is_ims AND k.rat = h.rat AND k.cell_type = h.cell_type
LEFT JOIN model_habit m ON m.is_ims = h.is_ims AND m.rat = h.rat AND m.cell_type = h.cell_type AND m.model = h.model
WHERE h.hits >= :min_hits AND h.tries >= :min_tries AND h.hits * coalesce(m.n, k.n) > 2 * coalesce(m.x, k.x) * h.tries
