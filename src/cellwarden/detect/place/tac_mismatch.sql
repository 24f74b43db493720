-- Cells that served under another tracking area than the one configured for them, or, unregistered, under one that nobody configured.

-- @table configured_tac
SELECT DISTINCT v.plmn AS plmn, v.tac AS tac FROM equipment_version v WHERE v.tac IS NOT NULL

-- @table served_tac
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.tac AS tac, r.registered_tac AS registered_tac,
  CASE WHEN r.registered_tac IS NOT NULL AND r.registered_tac <> p.tac THEN 1 WHEN r.registered_tac IS NULL AND c.tac IS NULL THEN 1 ELSE 0 END AS differs,
  min(p.first_at) AS from_at, max(p.last_at) AS to_at
FROM presence p
JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.hand = p.hand AND r.first_at = p.first_at
LEFT JOIN configured_tac c ON c.plmn = p.plmn AND c.tac = p.tac
WHERE p.tac IS NOT NULL
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, p.tac, r.registered_tac,
  CASE WHEN r.registered_tac IS NOT NULL AND r.registered_tac <> p.tac THEN 1 WHEN r.registered_tac IS NULL AND c.tac IS NULL THEN 1 ELSE 0 END

-- @table usual
SELECT s.cell_type AS cell_type, CAST(count(DISTINCT CASE WHEN s.differs = 1 THEN s.cell END) AS BIGINT) AS seen, CAST(count(DISTINCT s.cell) AS BIGINT) AS among
FROM served_tac s
GROUP BY s.cell_type

-- @result
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.tac AS tac, s.registered_tac AS registered_tac,
  s.from_at AS from_at, s.to_at AS to_at, u.seen AS seen, u.among AS among
FROM served_tac s
JOIN usual u ON u.cell_type = s.cell_type
JOIN (SELECT count(*) AS tacs FROM configured_tac c) n ON n.tacs > 0
WHERE s.differs = 1
