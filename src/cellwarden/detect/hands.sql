-- Which hands were behind the flagged cells, and what each showed of itself. Reads candidate, handed in.
-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.serial_hand AS serial_hand, p.source AS source,
  p.source_ip AS source_ip, min(p.first_at) AS from_at, max(p.last_at) AS to_at, max(l.serial) AS serial, max(l.certificate) AS certificate
FROM presence p
JOIN candidate c ON c.plmn = p.plmn AND c.rat = p.rat AND c.cell_type = p.cell_type AND c.cell = p.cell
LEFT JOIN link l ON l.cell = p.cell AND l.cell_type = p.cell_type AND l.inner_ip = p.source AND l.hand = p.serial_hand
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, p.serial_hand, p.source, p.source_ip
ORDER BY from_at, plmn, rat, cell_type, cell, hand, source, source_ip NULLS FIRST
