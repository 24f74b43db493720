-- The stays of home cells: spells of days with one tracking area and one access line, and whether the people are those of the other stays.
-- A serial keeps its stays together; without one the cell does. Reads visit_all.

-- @table sign_row
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source, p.tac AS tac, p.first_at AS first_at, p.last_at AS last_at, l.access_line AS line,
  CASE WHEN substr(p.hand, 1, 6) = 'inner ' OR substr(p.hand, 1, 4) = 'tac ' OR p.hand = 'unnamed' THEN '' ELSE p.hand END AS device,
  row_number() OVER (PARTITION BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, p.source, p.tac, p.first_at ORDER BY l.at DESC NULLS LAST, l.access_line NULLS FIRST) AS rank
FROM presence p
LEFT JOIN link l ON l.cell = p.cell AND l.cell_type = p.cell_type AND l.inner_ip = p.source AND l.hand = p.serial_hand AND l.at <= p.last_at AND l.event IN ('ike_up', 's1_setup')
WHERE p.cell_type = 'home' AND p.hand = p.serial_hand

-- @table sign_day
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.device AS device, s.hand AS hand, s.source AS source, s.first_at AS first_at, s.last_at AS last_at,
  CAST(s.tac AS STRING) || ' ' || coalesce(s.line, '') AS sign
FROM sign_row s
WHERE s.rank = 1

-- @table turning
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.device AS device, t.hand AS hand, t.source AS source, t.first_at AS first_at, t.last_at AS last_at, t.sign AS sign,
  CASE WHEN t.previous IS NULL OR t.previous <> t.sign THEN 1 ELSE 0 END AS turns
FROM (
  SELECT d.plmn AS plmn, d.rat AS rat, d.cell_type AS cell_type, d.cell AS cell, d.device AS device, d.hand AS hand, d.source AS source, d.first_at AS first_at, d.last_at AS last_at, d.sign AS sign,
    lag(d.sign) OVER (PARTITION BY d.plmn, d.rat, d.cell_type, d.cell, d.device ORDER BY d.first_at, d.last_at, d.source, d.sign) AS previous
  FROM sign_day d
) t

-- @table stay_day
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.device AS device, t.hand AS hand, t.source AS source, t.first_at AS first_at, t.last_at AS last_at, t.sign AS sign,
  CAST(sum(t.turns) OVER (PARTITION BY t.plmn, t.rat, t.cell_type, t.cell, t.device ORDER BY t.first_at, t.last_at, t.source, t.sign ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS turn
FROM turning t

-- @table wanderer
-- Most homes never change anything: only those with a second stay are looked into.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.device AS device
FROM stay_day s
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.device
HAVING max(s.turn) > 1

-- @table stay
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.device AS device, s.turn AS turn, s.sign AS sign, min(s.hand) AS hand, min(s.first_at) AS from_at, max(s.last_at) AS to_at,
  CAST(count(DISTINCT date_trunc('day', s.first_at)) AS BIGINT) AS stay_days
FROM stay_day s
JOIN wanderer w ON w.plmn = s.plmn AND w.rat = s.rat AND w.cell_type = s.cell_type AND w.cell = s.cell AND w.device = s.device
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.device, s.turn, s.sign

-- @table stay_guest
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.device AS device, s.turn AS turn, v.imsi AS imsi, CAST(count(DISTINCT date_trunc('day', v.hour_at)) AS BIGINT) AS guest_days
FROM stay_day s
JOIN wanderer w ON w.plmn = s.plmn AND w.rat = s.rat AND w.cell_type = s.cell_type AND w.cell = s.cell AND w.device = s.device
JOIN visit_all v ON v.plmn = s.plmn AND v.rat = s.rat AND v.cell_type = s.cell_type AND v.cell = s.cell AND v.source = s.source
  AND v.hour_at + INTERVAL '1' HOUR > s.first_at AND v.hour_at <= s.last_at
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.device, s.turn, v.imsi

-- @table familiar
-- People of a stay who were also there, for two days or more, in the cell's other stays.
SELECT g.plmn AS plmn, g.rat AS rat, g.cell_type AS cell_type, g.cell AS cell, g.device AS device, g.turn AS turn, g.imsi AS imsi, g.guest_days AS guest_days,
  CAST(coalesce(sum(o.guest_days), 0) AS BIGINT) AS other_days
FROM stay_guest g
LEFT JOIN stay_guest o ON o.plmn = g.plmn AND o.rat = g.rat AND o.cell_type = g.cell_type AND o.cell = g.cell AND o.device = g.device AND o.imsi = g.imsi AND o.turn <> g.turn
GROUP BY g.plmn, g.rat, g.cell_type, g.cell, g.device, g.turn, g.imsi, g.guest_days

-- @table household
-- Core: there on two fifths of the stay's days or more.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.device AS device, s.turn AS turn, s.sign AS sign, s.hand AS hand, s.from_at AS from_at, s.to_at AS to_at, s.stay_days AS stay_days,
  CAST(sum(CASE WHEN 5 * f.guest_days >= 2 * s.stay_days THEN 1 ELSE 0 END) AS BIGINT) AS core,
  CAST(sum(CASE WHEN 5 * f.guest_days >= 2 * s.stay_days AND f.other_days >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS familiar,
  CAST(sum(CASE WHEN f.other_days < 2 THEN f.guest_days ELSE 0 END) AS BIGINT) AS stranger_days, CAST(max(CASE WHEN r.serial IS NOT NULL AND s.device <> '' AND r.serial <> s.device THEN 1 ELSE 0 END) AS BIGINT) AS other_serial
FROM stay s
JOIN familiar f ON f.plmn = s.plmn AND f.rat = s.rat AND f.cell_type = s.cell_type AND f.cell = s.cell AND f.device = s.device AND f.turn = s.turn
LEFT JOIN (
  SELECT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, max(v.serial) AS serial FROM equipment_version v WHERE v.status = 'active' GROUP BY v.plmn, v.cell_type, v.cell HAVING count(DISTINCT v.serial) = 1
) r ON r.plmn = s.plmn AND r.cell_type = s.cell_type AND r.cell = s.cell
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.device, s.turn, s.sign, s.hand, s.from_at, s.to_at, s.stay_days
