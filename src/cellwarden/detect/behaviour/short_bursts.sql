-- Cells that were on air for an hour or two with many people, and neither before nor after: what a unit that changes its id, or its place, leaves.

-- @table spell_day
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.first_at AS first_at, p.last_at AS last_at, p.subscribers AS subscribers,
  lag(p.last_at) OVER (PARTITION BY p.plmn, p.rat, p.cell_type, p.cell, p.hand ORDER BY p.first_at, p.last_at, p.source) AS previous_at,
  lead(p.first_at) OVER (PARTITION BY p.plmn, p.rat, p.cell_type, p.cell, p.hand ORDER BY p.first_at, p.last_at, p.source) AS next_at
FROM presence p

-- @table records_span
SELECT min(p.first_at) AS from_at, max(p.last_at) AS to_at FROM presence p

-- @table lone_spell
-- Silence must have been seen: a spell at the edge of the records may be a part of a longer one.
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.first_at AS from_at, s.last_at AS to_at, s.subscribers AS subscribers,
  CASE WHEN s.last_at <= s.first_at + :burst_minutes * INTERVAL '1' MINUTE
    AND coalesce(s.previous_at, r.from_at) + :silent_hours * INTERVAL '1' HOUR <= s.first_at AND s.last_at + :silent_hours * INTERVAL '1' HOUR <= coalesce(s.next_at, r.to_at)
    THEN 1 ELSE 0 END AS is_burst
FROM spell_day s
CROSS JOIN records_span r
WHERE s.subscribers >= :min_people

-- @table usual
-- On a usual day: ids that live for a night are many in the end, and must not make each other common.
SELECT l.rat AS rat, l.cell_type AS cell_type, CAST(sum(l.is_burst) AS DOUBLE) / max(d.days) AS seen, CAST(count(*) AS DOUBLE) / max(d.days) AS among
FROM lone_spell l
CROSS JOIN (SELECT count(DISTINCT date_trunc('day', p.first_at)) AS days FROM presence p) d
GROUP BY l.rat, l.cell_type

-- @result
SELECT l.plmn AS plmn, l.rat AS rat, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.from_at AS from_at, l.to_at AS to_at,
  l.to_at + :silent_hours * INTERVAL '1' HOUR AS known_at, l.subscribers AS subscribers, u.seen AS seen, u.among AS among
FROM lone_spell l
JOIN usual u ON u.rat = l.rat AND u.cell_type = l.cell_type
WHERE l.is_burst = 1
