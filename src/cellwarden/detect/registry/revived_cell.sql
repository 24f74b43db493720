-- Cells that come back after months of silence. Silence counts where it could be seen: after a logged disconnection, or on days for
-- which there are records at all.

-- @table covered_day
SELECT DISTINCT date_trunc('day', c.first_at) AS day_at FROM cell_day c

-- @table sign
SELECT p.plmn AS plmn, p.cell_type AS cell_type, p.cell AS cell, p.first_at AS from_at, p.last_at AS to_at, 0 AS is_down FROM presence p
UNION ALL
SELECT l.plmn AS plmn, l.cell_type AS cell_type, l.cell AS cell, l.at AS from_at, l.at AS to_at,
  CASE WHEN l.event IN ('ike_down', 's1_down') THEN 1 ELSE 0 END AS is_down
FROM link l
WHERE l.cell IS NOT NULL AND l.event IN ('ike_up', 's1_setup', 'ike_down', 's1_down')

-- @table silence
SELECT g.plmn AS plmn, g.cell_type AS cell_type, g.cell AS cell, g.silent_from AS silent_from, g.from_at AS from_at, g.was_down AS was_down
FROM (
  SELECT s.plmn AS plmn, s.cell_type AS cell_type, s.cell AS cell, s.from_at AS from_at, s.is_down AS is_down,
    lag(s.to_at) OVER (PARTITION BY s.plmn, s.cell_type, s.cell ORDER BY s.from_at, s.to_at, s.is_down) AS silent_from,
    lag(s.is_down) OVER (PARTITION BY s.plmn, s.cell_type, s.cell ORDER BY s.from_at, s.to_at, s.is_down) AS was_down
  FROM sign s
) g
WHERE g.is_down = 0 AND g.silent_from + INTERVAL '90' DAY < g.from_at

-- @table seen_silence
SELECT s.plmn AS plmn, s.cell_type AS cell_type, s.cell AS cell, s.silent_from AS silent_from, s.from_at AS from_at
FROM silence s
LEFT JOIN covered_day d ON d.day_at > s.silent_from AND d.day_at + INTERVAL '1' DAY <= s.from_at
GROUP BY s.plmn, s.cell_type, s.cell, s.silent_from, s.from_at, s.was_down
HAVING s.was_down = 1 OR count(d.day_at) >= :min_covered_days

-- @table reissued
-- Equipment that was issued anew before it came back is new, not revived.
SELECT DISTINCT s.plmn AS plmn, s.cell_type AS cell_type, s.cell AS cell, s.from_at AS from_at
FROM seen_silence s
JOIN equipment_version v ON v.plmn = s.plmn AND v.cell_type = s.cell_type AND v.cell = s.cell AND v.status = 'active'
  AND v.valid_from >= s.silent_from AND v.valid_from <= s.from_at AND v.recorded_at <= s.from_at

-- @table registry_kind
-- Kinds that the registry covers at all: of the others its silence says nothing.
SELECT DISTINCT v.plmn AS plmn, v.cell_type AS cell_type FROM equipment_version v

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, s.silent_from AS silent_from,
  min(p.first_at) AS from_at, max(p.last_at) AS to_at,
  CAST(max(CASE WHEN k.cell_type IS NOT NULL AND coalesce(r.status, 'none') <> 'active' THEN 1 ELSE 0 END) AS BIGINT) AS is_retired
FROM seen_silence s
JOIN presence p ON p.plmn = s.plmn AND p.cell_type = s.cell_type AND p.cell = s.cell AND p.last_at >= s.from_at
LEFT JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.first_at = p.first_at
LEFT JOIN registry_kind k ON k.plmn = p.plmn AND k.cell_type = p.cell_type
LEFT JOIN reissued n ON n.plmn = s.plmn AND n.cell_type = s.cell_type AND n.cell = s.cell AND n.from_at = s.from_at
WHERE n.cell IS NULL
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, s.silent_from
