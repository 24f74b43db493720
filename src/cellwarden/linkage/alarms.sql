-- Which cells the callers of an alarm had in common, beside how many others were there. Reads caller (handed in), touch.

-- @table met
SELECT DISTINCT c.alarm AS alarm, c.imsi AS imsi, t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, '') AS cell_type, t.cell AS cell
FROM caller c
JOIN touch t ON t.imsi = c.imsi AND t.first_at <= c.to_at AND t.last_at >= c.from_at

-- @table shared
SELECT m.alarm AS alarm, m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, CAST(count(*) AS BIGINT) AS callers
FROM met m
GROUP BY m.alarm, m.plmn, m.rat, m.cell_type, m.cell
HAVING count(*) >= 2

-- @table span
SELECT c.alarm AS alarm, min(c.from_at) AS from_at, max(c.to_at) AS to_at
FROM caller c
GROUP BY c.alarm

-- @table person_day
SELECT t.imsi AS imsi, date_trunc('day', t.first_at) AS day_at, min(t.first_at) AS first_at, max(t.last_at) AS last_at
FROM touch t
WHERE t.imsi IS NOT NULL
GROUP BY t.imsi, date_trunc('day', t.first_at)

-- @table everyone
-- Of a day that a span does not both begin and end in, the first and the last touch tell whether any lies in the span.
SELECT w.alarm AS alarm, CAST(count(DISTINCT w.imsi) AS BIGINT) AS people
FROM (
  SELECT s.alarm AS alarm, p.imsi AS imsi
  FROM span s
  JOIN person_day p ON p.first_at <= s.to_at AND p.last_at >= s.from_at
  WHERE date_trunc('day', s.from_at) < date_trunc('day', s.to_at)
  UNION ALL
  SELECT s.alarm AS alarm, t.imsi AS imsi
  FROM span s
  JOIN touch t ON t.first_at <= s.to_at AND t.last_at >= s.from_at
  WHERE date_trunc('day', s.from_at) = date_trunc('day', s.to_at)
) w
GROUP BY w.alarm

-- @table crowd
SELECT h.alarm AS alarm, h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, CAST(count(DISTINCT t.imsi) AS BIGINT) AS people
FROM shared h
JOIN span s ON s.alarm = h.alarm
JOIN touch t ON t.plmn = h.plmn AND t.rat = h.rat AND coalesce(t.cell_type, '') = h.cell_type AND t.cell = h.cell AND t.first_at <= s.to_at AND t.last_at >= s.from_at
GROUP BY h.alarm, h.plmn, h.rat, h.cell_type, h.cell

-- @result
SELECT h.alarm AS alarm, h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.callers AS callers, c.people AS crowd, e.people AS everyone
FROM shared h
JOIN crowd c ON c.alarm = h.alarm AND c.plmn = h.plmn AND c.rat = h.rat AND c.cell_type = h.cell_type AND c.cell = h.cell
JOIN everyone e ON e.alarm = h.alarm
ORDER BY alarm, callers DESC, crowd, cell, plmn, rat, cell_type
