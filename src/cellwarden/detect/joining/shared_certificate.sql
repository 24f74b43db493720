-- Which certificates were shown by whom, and to how much equipment the registry gave each.

-- @table given
SELECT v.certificate AS certificate, CAST(count(DISTINCT v.equipment_id) AS BIGINT) AS owners, min(v.recorded_at) AS given_at,
  CAST(count(v.serial) AS BIGINT) AS serials
FROM equipment_version v
WHERE v.certificate IS NOT NULL
GROUP BY v.certificate

-- @table owner_serial
-- Every serial that the owner ever had: a swapped board may keep its certificate.
SELECT DISTINCT v.certificate AS certificate, v.serial AS serial
FROM equipment_version v
WHERE v.certificate IS NOT NULL AND v.serial IS NOT NULL

-- @table shown
SELECT l.certificate AS certificate, l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type,
  l.cell AS cell, l.hand AS hand, l.serial AS serial, min(l.at) AS from_at, max(l.at) AS to_at
FROM link l
WHERE l.certificate IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'hems_inform')
GROUP BY l.certificate, l.plmn, l.cell_type, l.cell, l.hand, l.serial

-- @table bearers
SELECT s.certificate AS certificate, CAST(count(DISTINCT s.hand) AS BIGINT) AS hands, min(s.from_at) AS from_at, max(s.to_at) AS to_at
FROM shown s
GROUP BY s.certificate

-- @result
SELECT 'certificate' AS subject_kind, b.certificate AS certificate, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand,
  b.from_at AS from_at, b.to_at AS to_at, b.hands AS hands, coalesce(g.owners, 0) AS owners, b.from_at AS known_at
FROM bearers b
LEFT JOIN given g ON g.certificate = b.certificate
WHERE b.hands > 1
UNION ALL
SELECT 'cell' AS subject_kind, s.certificate AS certificate, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand,
  s.from_at AS from_at, TIMESTAMP '2999-01-01 00:00:00' AS to_at, b.hands AS hands, g.owners AS owners,
  greatest(s.from_at, g.given_at) AS known_at
FROM shown s
JOIN bearers b ON b.certificate = s.certificate
JOIN given g ON g.certificate = s.certificate AND g.owners = 1
LEFT JOIN owner_serial o ON o.certificate = s.certificate AND o.serial = s.serial
WHERE s.cell IS NOT NULL AND s.serial IS NOT NULL AND g.serials > 0 AND o.serial IS NULL
