-- Cells that spoke out of the tunnel of a device to which the registry never gave them: what was claimed at S1 against what was
-- authenticated at the security gateway, joined by the inner address.

-- @table device_cell
-- Every cell that any row, whenever recorded, gives to a serial: a renumbering that came late is no spoofing.
SELECT DISTINCT v.serial AS serial, v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell
FROM equipment_version v
WHERE v.serial IS NOT NULL

-- @table device
SELECT d.serial AS serial, min(d.cell) AS first_cell, max(d.cell) AS last_cell FROM device_cell d GROUP BY d.serial

-- @table tenancy
-- Whose tunnel an inner address was, from coming up to going down or the next one.
SELECT t.source AS source, t.serial AS serial, t.source_ip AS source_ip, t.from_at AS from_at, t.until_at AS until_at
FROM (
  SELECT l.inner_ip AS source, l.serial AS serial, l.source_ip AS source_ip, l.event AS event, l.at AS from_at,
    coalesce(lead(l.at) OVER (PARTITION BY l.inner_ip ORDER BY l.at, l.event, l.serial NULLS FIRST, l.source_ip NULLS FIRST), TIMESTAMP '2999-01-01 00:00:00') AS until_at
  FROM link l
  WHERE l.inner_ip IS NOT NULL AND l.event IN ('ike_up', 'ike_down') AND coalesce(l.result, 'ok') = 'ok'
) t
WHERE t.event = 'ike_up' AND t.serial IS NOT NULL AND t.from_at < t.until_at

-- @table announced
-- Days on which an address changed tenants are left out: whose row was whose cannot be told.
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source, t.serial AS serial, t.source_ip AS source_ip,
  p.first_at AS from_at, p.last_at AS to_at
FROM presence p
JOIN tenancy t ON t.source = p.source AND t.from_at <= p.first_at AND t.until_at > p.last_at

-- @table set_up
SELECT l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.inner_ip AS source,
  t.serial AS serial, t.source_ip AS source_ip, l.at AS from_at, l.at AS to_at
FROM link l
JOIN tenancy t ON t.source = l.inner_ip AND t.from_at <= l.at AND t.until_at > l.at
WHERE l.event = 's1_setup' AND l.cell IS NOT NULL

-- @table said
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.hand AS hand, a.source AS source, a.serial AS serial, a.source_ip AS source_ip, a.from_at AS from_at, a.to_at AS to_at FROM announced a
UNION ALL
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.source AS source, s.serial AS serial, s.source_ip AS source_ip, s.from_at AS from_at, s.to_at AS to_at FROM set_up s

-- @table matched
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.source AS source, s.serial AS serial, s.source_ip AS source_ip,
  v.first_cell AS first_cell, v.last_cell AS last_cell, min(s.from_at) AS from_at, max(s.to_at) AS to_at, max(CASE WHEN c.cell IS NULL THEN 1 ELSE 0 END) AS differs
FROM said s
JOIN device v ON v.serial = s.serial
LEFT JOIN device_cell c ON c.serial = s.serial AND c.plmn = s.plmn AND c.cell_type = s.cell_type AND c.cell = s.cell
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand, s.source, s.serial, s.source_ip, v.first_cell, v.last_cell

-- @table usual
SELECT CAST(count(DISTINCT CASE WHEN m.differs = 1 THEN m.serial END) AS BIGINT) AS seen, CAST(count(DISTINCT m.serial) AS BIGINT) AS among FROM matched m

-- @result
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.hand AS hand, m.source AS source, m.source_ip AS source_ip, m.serial AS serial,
  m.first_cell AS first_cell, m.last_cell AS last_cell, m.from_at AS from_at, m.to_at AS to_at, u.seen AS seen, u.among AS among
FROM matched m
JOIN usual u ON u.among > 0
WHERE m.differs = 1
