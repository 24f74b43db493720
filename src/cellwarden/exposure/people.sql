-- The headline numbers and the tables that reconcile them. Reads exposure (the graded census, handed in), accused_access, subscribers,
-- local_day, cell_day. A person counts once in each part, under the strongest grade reached there: overall for the total, a district and a
-- controller; within a technology and a cell, the strongest there; on a day, the strongest overall.

-- @table strongest
SELECT e.imsi AS imsi, min(e.rank) AS rank FROM exposure e GROUP BY e.imsi

-- @table strongest_by_rat
SELECT e.rat AS rat, e.imsi AS imsi, min(e.rank) AS rank FROM exposure e GROUP BY e.rat, e.imsi

-- @table strongest_by_cell
SELECT e.cell_name AS cell_name, e.imsi AS imsi, min(e.rank) AS rank FROM exposure e GROUP BY e.cell_name, e.imsi

-- @table controller
SELECT s.imsi AS imsi, min(s.controller) AS controller, min(s.district) AS district FROM subscribers s GROUP BY s.imsi

-- @table counted
-- One row a person and part.
SELECT 'total' AS measure, '' AS part, s.imsi AS imsi, s.rank AS rank FROM strongest s
UNION ALL
SELECT 'technology' AS measure, r.rat AS part, s.imsi AS imsi, s.rank AS rank
FROM (SELECT DISTINCT c.rat AS rat FROM cell_day c) r
LEFT JOIN strongest_by_rat s ON s.rat = r.rat
UNION ALL
SELECT 'cell' AS measure, s.cell_name AS part, s.imsi AS imsi, s.rank AS rank FROM strongest_by_cell s
UNION ALL
SELECT 'controller' AS measure, coalesce(c.controller, 'not recorded') AS part, s.imsi AS imsi, s.rank AS rank
FROM strongest s
LEFT JOIN controller c ON c.imsi = s.imsi
UNION ALL
SELECT 'district' AS measure, coalesce(c.district, 'not recorded') AS part, s.imsi AS imsi, s.rank AS rank
FROM strongest s
LEFT JOIN controller c ON c.imsi = s.imsi
UNION ALL
SELECT 'day' AS measure, x.day AS part, x.imsi AS imsi, s.rank AS rank
FROM (SELECT DISTINCT d.day AS day, a.imsi AS imsi FROM accused_access a JOIN local_day d ON a.at >= d.from_at AND a.at < d.to_at WHERE a.imsi IS NOT NULL) x
JOIN strongest s ON s.imsi = x.imsi

-- @table part_count
SELECT c.measure AS measure, c.part AS part, CAST(count(c.imsi) AS BIGINT) AS people, CAST(coalesce(sum(CASE WHEN c.rank = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS imsi,
  CAST(coalesce(sum(CASE WHEN c.rank = 2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS possible, CAST(coalesce(sum(CASE WHEN c.rank = 3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS guti
FROM counted c
GROUP BY c.measure, c.part

-- @result
SELECT p.measure AS measure, p.part AS part, p.people AS people, p.imsi AS imsi, p.possible AS possible, p.guti AS guti FROM part_count p
UNION ALL
SELECT 'rows' AS measure, 'exposures' AS part, CAST(count(*) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti FROM exposure e
UNION ALL
SELECT 'rows' AS measure, 'events' AS part, CAST(coalesce(sum(e.events), 0) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti FROM exposure e
UNION ALL
SELECT 'rows' AS measure, 'without_imsi' AS part, CAST(count(*) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti
FROM accused_access a
WHERE a.imsi IS NULL
