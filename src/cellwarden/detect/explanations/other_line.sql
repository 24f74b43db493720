-- Home cells in their registered device, at the place and line where the records first have them, with who lives there and how many others
-- came on the busiest day. After household.sql; later stays are its matter. Whether the cell was ordered is not asked: who lives with it
-- speaks for its address, not for its row.

-- @table home_day_on_air
SELECT DISTINCT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.source AS source, s.first_at AS first_at, s.last_at AS last_at
FROM stay_day s
JOIN equipment_version v ON v.plmn = s.plmn AND v.cell_type = s.cell_type AND v.cell = s.cell AND v.serial = s.hand AND v.status = 'active' AND v.kind <> 'mobile'
WHERE s.turn = 1

-- @table home
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.hand AS hand, min(d.first_at) AS from_at, max(d.last_at) AS to_at,
  CAST(count(DISTINCT date_trunc('day', d.first_at)) AS BIGINT) AS served_days
FROM home_day_on_air d
GROUP BY d.plmn, d.rat, d.cell_type, d.cell, d.hand
HAVING count(DISTINCT date_trunc('day', d.first_at)) >= :min_days

-- @table home_guest
SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.hand AS hand, v.imsi AS imsi, date_trunc('day', v.hour_at) AS day_at
FROM home_day_on_air d
JOIN visit_all v ON v.plmn = d.plmn AND v.rat = d.rat AND v.cell_type = d.cell_type AND v.cell = d.cell AND v.source = d.source
  AND v.hour_at + INTERVAL '1' HOUR > d.first_at AND v.hour_at <= d.last_at
GROUP BY d.plmn, d.rat, d.cell_type, d.cell, d.hand, v.imsi, date_trunc('day', v.hour_at)

-- @table home_person
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, g.hand AS hand, g.imsi AS imsi, CAST(count(*) AS BIGINT) AS visited_days
FROM home_guest g
GROUP BY g.plmn, g.rat, g.cell_type, g.cell, g.hand, g.imsi

-- @table home_day
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, g.day_at AS day_at,
  CAST(sum(CASE WHEN p.visited_days < :min_share_of_days * h.served_days THEN 1 ELSE 0 END) AS BIGINT) AS guests
FROM home h
JOIN home_guest g ON g.plmn = h.plmn AND g.rat = h.rat AND g.cell_type = h.cell_type AND g.cell = h.cell AND g.hand = h.hand
JOIN home_person p ON p.plmn = g.plmn AND p.rat = g.rat AND p.cell_type = g.cell_type AND p.cell = g.cell AND p.hand = g.hand AND p.imsi = g.imsi
GROUP BY h.plmn, h.rat, h.cell_type, h.cell, h.hand, g.day_at

-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.served_days AS served_days,
  r.residents AS residents, d.guests AS guests
FROM home h
JOIN (
  SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand,
    CAST(sum(CASE WHEN p.visited_days >= :min_share_of_days * h.served_days THEN 1 ELSE 0 END) AS BIGINT) AS residents
  FROM home h
  JOIN home_person p ON p.plmn = h.plmn AND p.rat = h.rat AND p.cell_type = h.cell_type AND p.cell = h.cell AND p.hand = h.hand
  GROUP BY h.plmn, h.rat, h.cell_type, h.cell, h.hand
) r ON r.plmn = h.plmn AND r.rat = h.rat AND r.cell_type = h.cell_type AND r.cell = h.cell AND r.hand = h.hand
JOIN (
  SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.hand AS hand, max(d.guests) AS guests
  FROM home_day d
  GROUP BY d.plmn, d.rat, d.cell_type, d.cell, d.hand
) d ON d.plmn = h.plmn AND d.rat = h.rat AND d.cell_type = h.cell_type AND d.cell = h.cell AND d.hand = h.hand
