-- Home cells whose visitors would have had to fly: seen in two places at once behind one address, or crossed faster than any train.
-- Reads leap_all.

-- @table leap_day
SELECT l.plmn AS plmn, l.rat AS rat, l.cell_type AS cell_type, l.cell AS cell, l.source AS source, p.hand AS hand, date_trunc('day', l.first_at) AS day_at,
  min(l.first_at) AS from_at, max(l.last_at) AS to_at, max(l.apart) AS apart, CAST(sum(l.flights) AS BIGINT) AS flights, max(l.metres) AS metres
FROM leap_all l
JOIN presence p ON p.plmn = l.plmn AND p.rat = l.rat AND p.cell_type = l.cell_type AND p.cell = l.cell AND p.source = l.source AND date_trunc('day', p.first_at) = date_trunc('day', l.first_at)
LEFT JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.first_at = p.first_at
WHERE p.cell_type = 'home' AND coalesce(r.kind, 'femto') <> 'mobile'
GROUP BY l.plmn, l.rat, l.cell_type, l.cell, l.source, p.hand, date_trunc('day', l.first_at)

-- @table leaping
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.source AS source, d.hand AS hand, d.from_at AS from_at, d.to_at AS to_at,
  d.apart AS apart, d.flights AS flights, d.metres AS metres
FROM leap_day d
WHERE d.apart > 0 OR d.flights >= :min_flights

-- @table busy
-- Cells that had visitors enough to be seen in two places.
SELECT CAST(count(DISTINCT p.cell) AS BIGINT) AS among FROM presence p WHERE p.cell_type = 'home' AND p.subscribers >= 4

-- @table usual
SELECT CAST(count(DISTINCT g.cell) AS BIGINT) AS seen FROM leaping g

-- @result
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, g.source AS source, g.hand AS hand, g.from_at AS from_at, g.to_at AS to_at,
  g.apart AS apart, g.flights AS flights, g.metres AS metres, u.seen AS seen, greatest(b.among, u.seen) AS among
FROM leaping g
CROSS JOIN usual u
CROSS JOIN busy b
