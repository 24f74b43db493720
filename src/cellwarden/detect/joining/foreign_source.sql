-- From where each hand joined as which cell, whether it is the device that the registry has for it, and from which networks that device is
-- to join by a row that was ordered: whoever slips a row in could write any network into it.

-- @table arrival
SELECT l.plmn AS plmn, CASE WHEN l.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand,
  l.serial AS serial, l.source_ip AS source_ip, l.inner_ip AS inner_ip, l.asn AS asn, l.country AS country, min(l.at) AS from_at
FROM link l
WHERE l.cell IS NOT NULL AND l.source_ip IS NOT NULL AND l.event IN ('ike_up', 's1_setup')
GROUP BY l.plmn, l.cell_type, l.cell, l.hand, l.serial, l.source_ip, l.inner_ip, l.asn, l.country

-- @table departure
SELECT d.cell AS cell, d.hand AS hand, d.source_ip AS source_ip, max(CASE WHEN d.event = 'ike_down' THEN d.at END) AS down_at,
  max(CASE WHEN d.event IN ('ike_up', 's1_setup') THEN d.at END) AS up_at
FROM link d
WHERE d.cell IS NOT NULL AND d.source_ip IS NOT NULL
GROUP BY d.cell, d.hand, d.source_ip

-- @result
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.hand AS hand, a.source_ip AS source_ip, a.asn AS asn, a.country AS country,
  min(a.from_at) AS from_at, max(CASE WHEN d.down_at >= d.up_at THEN d.down_at ELSE TIMESTAMP '2999-01-01 00:00:00' END) AS to_at,
  CAST(max(CASE WHEN v.serial = a.serial THEN 1 ELSE 0 END) AS BIGINT) AS is_registered,
  max(CASE WHEN v.serial = a.serial AND v.work_order IS NOT NULL THEN v.source_networks END) AS agreed_networks
FROM arrival a
JOIN departure d ON d.cell = a.cell AND d.hand = a.hand AND d.source_ip = a.source_ip
LEFT JOIN equipment_version v ON v.plmn = a.plmn AND v.cell_type = a.cell_type AND v.cell = a.cell AND v.status = 'active'
  AND v.recorded_at <= a.from_at AND v.valid_from <= a.from_at AND (v.valid_to IS NULL OR v.valid_to > a.from_at)
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.hand, a.source_ip, a.asn, a.country
