-- The headline numbers. Reads exposure (the graded census, handed in), accused_access, subscribers, local_day, cell_day.
-- A person counts once, under the strongest grade reached; within a technology, the strongest there.

-- @table strongest
SELECT e.imsi AS imsi, min(e.rank) AS rank FROM exposure e GROUP BY e.imsi

-- @table strongest_by_rat
SELECT e.rat AS rat, e.imsi AS imsi, min(e.rank) AS rank FROM exposure e GROUP BY e.rat, e.imsi

-- @table controller
SELECT s.imsi AS imsi, min(s.controller) AS controller FROM subscribers s GROUP BY s.imsi

-- @result
SELECT 'total' AS measure, '' AS part, CAST(count(*) AS BIGINT) AS people, CAST(coalesce(sum(CASE WHEN s.rank = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS imsi,
  CAST(coalesce(sum(CASE WHEN s.rank = 2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS possible, CAST(coalesce(sum(CASE WHEN s.rank = 3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS guti
FROM strongest s
UNION ALL
SELECT 'technology' AS measure, r.rat AS part, CAST(count(s.imsi) AS BIGINT) AS people, CAST(sum(CASE WHEN s.rank = 1 THEN 1 ELSE 0 END) AS BIGINT) AS imsi,
  CAST(sum(CASE WHEN s.rank = 2 THEN 1 ELSE 0 END) AS BIGINT) AS possible, CAST(sum(CASE WHEN s.rank = 3 THEN 1 ELSE 0 END) AS BIGINT) AS guti
FROM (SELECT DISTINCT c.rat AS rat FROM cell_day c) r
LEFT JOIN strongest_by_rat s ON s.rat = r.rat
GROUP BY r.rat
UNION ALL
SELECT 'controller' AS measure, coalesce(c.controller, 'not recorded') AS part, CAST(count(*) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti
FROM strongest s
LEFT JOIN controller c ON c.imsi = s.imsi
GROUP BY coalesce(c.controller, 'not recorded')
UNION ALL
SELECT 'day' AS measure, d.day AS part, CAST(count(DISTINCT a.imsi) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti
FROM accused_access a
JOIN local_day d ON a.at >= d.from_at AND a.at < d.to_at
WHERE a.imsi IS NOT NULL
GROUP BY d.day
UNION ALL
SELECT 'rows' AS measure, 'exposures' AS part, CAST(count(*) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti FROM exposure e
UNION ALL
SELECT 'rows' AS measure, 'events' AS part, CAST(coalesce(sum(e.events), 0) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti FROM exposure e
UNION ALL
SELECT 'rows' AS measure, 'without_imsi' AS part, CAST(count(*) AS BIGINT) AS people, CAST(0 AS BIGINT) AS imsi, CAST(0 AS BIGINT) AS possible, CAST(0 AS BIGINT) AS guti
FROM accused_access a
WHERE a.imsi IS NULL
