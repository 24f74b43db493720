-- Cells that reached the core by a way that cells of their kind do not take: a macro-size id out of a tunnel through the security gateway,
-- a home id from the address of a macro station.

-- @table tunnelled
SELECT DISTINCT l.inner_ip AS source
FROM link l
WHERE l.inner_ip IS NOT NULL AND l.event = 'ike_up' AND coalesce(l.result, 'ok') = 'ok'

-- @table conveyed
-- Only where the way is known: an address that the core did not log says nothing of it.
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source,
  CASE WHEN p.cell_type = 'home' THEN 1 ELSE 0 END AS is_home, CASE WHEN t.source IS NULL THEN 0 ELSE 1 END AS is_tunnelled,
  max(CASE WHEN r.kind IN ('small', 'femto', 'mobile') THEN 1 ELSE 0 END) AS is_registered_small, min(p.first_at) AS from_at, max(p.last_at) AS to_at
FROM presence p
LEFT JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source
  AND r.hand = p.hand AND r.first_at = p.first_at
LEFT JOIN tunnelled t ON t.source = p.source
WHERE p.cell_type <> '' AND p.source <> 'tac ' || CAST(p.tac AS STRING)
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, p.source, CASE WHEN p.cell_type = 'home' THEN 1 ELSE 0 END, CASE WHEN t.source IS NULL THEN 0 ELSE 1 END

-- @table station
-- Addresses of macro stations: several wide cells that the registry has in service, no tunnel. A gateway of home cells carries mostly home cells.
SELECT c.source AS source
FROM conveyed c
WHERE c.is_tunnelled = 0
GROUP BY c.source
HAVING count(DISTINCT CASE WHEN c.is_home = 0 THEN c.cell END) >= :min_station_cells
  AND count(DISTINCT CASE WHEN c.is_home = 0 THEN c.cell END) > count(DISTINCT CASE WHEN c.is_home = 1 THEN c.cell END)

-- @table mismatch
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand, c.source AS source, c.is_home AS is_home, c.from_at AS from_at, c.to_at AS to_at,
  CASE WHEN c.is_home = 0 AND c.is_tunnelled = 1 AND c.is_registered_small = 0 THEN 1 WHEN c.is_home = 1 AND s.source IS NOT NULL THEN 1 ELSE 0 END AS differs
FROM conveyed c
LEFT JOIN station s ON s.source = c.source

-- @table usual
SELECT m.is_home AS is_home, CAST(count(DISTINCT CASE WHEN m.differs = 1 THEN m.cell END) AS BIGINT) AS seen, CAST(count(DISTINCT m.cell) AS BIGINT) AS among
FROM mismatch m
GROUP BY m.is_home

-- @result
SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.hand AS hand, m.source AS source, CAST(m.is_home AS BIGINT) AS is_home,
  m.from_at AS from_at, m.to_at AS to_at, u.seen AS seen, u.among AS among
FROM mismatch m
JOIN usual u ON u.is_home = m.is_home
WHERE m.differs = 1
