-- Home cells that two hands used at the same time, with what speaks for each of the two being the genuine one.

-- @table contender
SELECT DISTINCT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.serial_hand AS serial_hand, p.source AS source, p.source_ip AS source_ip, p.tac AS tac
FROM presence p
JOIN overlap o ON o.plmn = p.plmn AND o.rat = p.rat AND o.cell_type = p.cell_type AND o.cell = p.cell AND (o.source = p.source OR o.other_source = p.source)

-- @table claim
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.source AS source,
  CAST(max(CASE WHEN r.serial = c.serial_hand THEN 1 ELSE 0 END) AS BIGINT) AS has_registered_serial,
  CAST(max(CASE WHEN r.registered_tac = c.tac THEN 1 ELSE 0 END) AS BIGINT) AS has_registered_tac,
  CAST(max(CASE WHEN l.access_line = r.access_line THEN 1 ELSE 0 END) AS BIGINT) AS has_registered_line,
  max(r.source_networks) AS source_networks, max(c.source_ip) AS source_ip, min(r.first_at) AS since_at
FROM contender c
JOIN registered r ON r.plmn = c.plmn AND r.rat = c.rat AND r.cell_type = c.cell_type AND r.cell = c.cell AND r.hand = c.hand AND r.source = c.source
LEFT JOIN link l ON l.cell = c.cell AND l.inner_ip = c.source AND l.hand = c.serial_hand
GROUP BY c.plmn, c.rat, c.cell_type, c.cell, c.hand, c.source

-- @result
SELECT o.plmn AS plmn, o.rat AS rat, o.cell_type AS cell_type, o.cell AS cell, o.source AS source, o.other_source AS other_source,
  min(o.from_at) AS from_at, max(o.to_at) AS to_at, a.hand AS hand, b.hand AS other_hand,
  a.has_registered_serial AS has_registered_serial, b.has_registered_serial AS other_has_registered_serial,
  a.has_registered_tac AS has_registered_tac, b.has_registered_tac AS other_has_registered_tac,
  a.has_registered_line AS has_registered_line, b.has_registered_line AS other_has_registered_line,
  a.source_networks AS source_networks, a.source_ip AS source_ip, b.source_ip AS other_source_ip, a.since_at AS since_at, b.since_at AS other_since_at
FROM overlap o
JOIN claim a ON a.plmn = o.plmn AND a.rat = o.rat AND a.cell_type = o.cell_type AND a.cell = o.cell AND a.source = o.source
JOIN claim b ON b.plmn = o.plmn AND b.rat = o.rat AND b.cell_type = o.cell_type AND b.cell = o.cell AND b.source = o.other_source
WHERE a.hand <> b.hand
GROUP BY o.plmn, o.rat, o.cell_type, o.cell, o.source, o.other_source, a.hand, b.hand, a.has_registered_serial, b.has_registered_serial,
  a.has_registered_tac, b.has_registered_tac, a.has_registered_line, b.has_registered_line, a.source_networks, a.source_ip, b.source_ip, a.since_at, b.since_at
