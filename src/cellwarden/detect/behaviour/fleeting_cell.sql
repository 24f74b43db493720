-- Ids whose whole time on the air were some hours of the night, among strangers. Reads night_visit of night.sql.

-- @table turn
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.turn_at AS turn_at, min(n.hour_at) AS from_at, max(n.hour_at) + INTERVAL '1' HOUR AS to_at,
  CAST(count(DISTINCT n.hour_at) AS BIGINT) AS hours, CAST(count(DISTINCT n.imsi) AS BIGINT) AS people, CAST(sum(n.is_night) AS BIGINT) AS by_night, CAST(count(*) AS BIGINT) AS visits
FROM night_visit n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.turn_at

-- @table clientele
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, CAST(count(DISTINCT n.imsi) AS BIGINT) AS people
FROM night_visit n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell

-- @table life
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, min(t.from_at) AS from_at, max(t.to_at) AS to_at, max(t.hours) AS longest_hours,
  CAST(count(*) AS BIGINT) AS turns, CAST(sum(t.people) AS BIGINT) AS people, CAST(sum(t.by_night) AS BIGINT) AS by_night, CAST(sum(t.visits) AS BIGINT) AS visits
FROM turn t
GROUP BY t.plmn, t.rat, t.cell_type, t.cell

-- @table covered
SELECT min(t.from_at) AS from_at, max(t.to_at) AS to_at, CAST(count(DISTINCT t.turn_at) AS BIGINT) AS days, CAST(count(*) AS BIGINT) AS cell_days FROM turn t

-- @table fleeting
-- Silence must have been seen: a day before, and as long after as ends an episode.
SELECT l.plmn AS plmn, l.rat AS rat, l.cell_type AS cell_type, l.cell AS cell, l.turns AS turns
FROM life l
JOIN clientele c ON c.plmn = l.plmn AND c.rat = l.rat AND c.cell_type = l.cell_type AND c.cell = l.cell
CROSS JOIN covered v
WHERE l.longest_hours <= :most_hours AND l.people >= :min_people * l.turns AND l.by_night >= :min_night_share * l.visits
  AND l.people - c.people <= :max_returning * l.people AND l.from_at >= v.from_at + INTERVAL '24' HOUR AND l.to_at + :silent_hours * INTERVAL '1' HOUR <= v.to_at

-- @table usual
-- On a day like others: ids that live for a night are many in the end, and one or two at a time.
SELECT CAST(coalesce(sum(f.turns), 0) AS DOUBLE) AS turns FROM fleeting f

-- @result
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.from_at AS from_at, t.to_at AS to_at, t.to_at + :silent_hours * INTERVAL '1' HOUR AS known_at,
  t.people AS people, t.hours AS hours, f.turns AS turns, u.turns / v.days AS seen, CAST(v.cell_days AS DOUBLE) / v.days AS among
FROM turn t
JOIN fleeting f ON f.plmn = t.plmn AND f.rat = t.rat AND f.cell_type = t.cell_type AND f.cell = t.cell
CROSS JOIN usual u
CROSS JOIN covered v
