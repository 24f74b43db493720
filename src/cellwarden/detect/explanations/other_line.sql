-- Home cells in their registered device, with who lives there and how many others came on the busiest day. After proper_visit.sql; whether
-- the cell was ordered is not asked: who lives with it speaks for its address, not for its row.

-- @table home
SELECT DISTINCT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.from_at AS from_at, p.to_at AS to_at, p.served_days AS served_days
FROM proper p
JOIN equipment_version v ON v.plmn = p.plmn AND v.cell_type = p.cell_type AND v.cell = p.cell AND v.serial = p.hand AND v.status = 'active'
WHERE p.served_days >= :min_days

-- @table home_guest
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, v.imsi AS imsi, date_trunc('day', v.hour_at) AS day_at
FROM home h
JOIN presence s ON s.plmn = h.plmn AND s.rat = h.rat AND s.cell_type = h.cell_type AND s.cell = h.cell AND s.hand = h.hand
JOIN visit_all v ON v.plmn = s.plmn AND v.rat = s.rat AND v.cell_type = s.cell_type AND v.cell = s.cell AND v.source = s.source
  AND date_trunc('day', s.first_at) = date_trunc('day', v.hour_at)
GROUP BY h.plmn, h.rat, h.cell_type, h.cell, h.hand, v.imsi, date_trunc('day', v.hour_at)

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
