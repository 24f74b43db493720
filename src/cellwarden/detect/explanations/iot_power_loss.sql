-- Days on which many things (meters, cars) gave their permanent identity under many cells, and each cell's part of it.

-- @table thing_touch
SELECT t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, k.cell_type, '') AS cell_type, t.cell AS cell, coalesce(t.source, 'tac ' || CAST(t.tac AS STRING)) AS source,
  date_trunc('day', t.first_at) AS day_at, t.imsi AS imsi, t.identified AS identified, CASE WHEN s.imsi IS NULL THEN 0 ELSE 1 END AS is_thing
FROM touch t
LEFT JOIN cell_kind k ON k.plmn = t.plmn AND k.cell = t.cell
LEFT JOIN (SELECT DISTINCT u.imsi AS imsi FROM subscribers u WHERE u.device_class = 'iot') s ON s.imsi = t.imsi
WHERE t.imsi IS NOT NULL AND t.identified > 0

-- @table thing_day
SELECT t.day_at AS day_at, CAST(count(DISTINCT t.imsi) AS BIGINT) AS things, CAST(count(DISTINCT t.cell) AS BIGINT) AS cells
FROM thing_touch t
WHERE t.is_thing = 1
GROUP BY t.day_at

-- @table day_covered
SELECT CAST(count(DISTINCT date_trunc('day', c.first_at)) AS BIGINT) AS covered_days FROM cell_day c

-- @table thing_usual
SELECT CAST(sum(d.things) AS BIGINT) AS things FROM thing_day d

-- @table return_day
-- Many at once, under many cells, and several times what the other days have.
SELECT d.day_at AS day_at, d.things AS things, d.cells AS cells
FROM thing_day d
CROSS JOIN thing_usual u
CROSS JOIN day_covered c
WHERE d.things >= :min_things AND d.cells >= :min_cells AND d.things * (c.covered_days - 1) >= :min_ratio * (u.things - d.things)

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, min(p.first_at) AS from_at, max(p.last_at) AS to_at, r.things AS things, r.cells AS cells,
  CAST(sum(t.identified) AS BIGINT) AS identified, CAST(sum(t.identified * t.is_thing) AS BIGINT) AS by_things
FROM return_day r
JOIN thing_touch t ON t.day_at = r.day_at
JOIN presence p ON p.plmn = t.plmn AND p.rat = t.rat AND p.cell_type = t.cell_type AND p.cell = t.cell AND p.source = t.source AND date_trunc('day', p.first_at) = r.day_at
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, r.day_at, r.things, r.cells
