-- When night is, and who was on a home cell in which night. Reads visit_all.
-- Night is the five hours with the least activity of this operator: no time zone and no country is assumed.

-- @table clock
SELECT CAST(0 AS BIGINT) AS hour UNION ALL SELECT 1 AS hour UNION ALL SELECT 2 AS hour UNION ALL SELECT 3 AS hour
UNION ALL SELECT 4 AS hour UNION ALL SELECT 5 AS hour UNION ALL SELECT 6 AS hour UNION ALL SELECT 7 AS hour
UNION ALL SELECT 8 AS hour UNION ALL SELECT 9 AS hour UNION ALL SELECT 10 AS hour UNION ALL SELECT 11 AS hour
UNION ALL SELECT 12 AS hour UNION ALL SELECT 13 AS hour UNION ALL SELECT 14 AS hour UNION ALL SELECT 15 AS hour
UNION ALL SELECT 16 AS hour UNION ALL SELECT 17 AS hour UNION ALL SELECT 18 AS hour UNION ALL SELECT 19 AS hour
UNION ALL SELECT 20 AS hour UNION ALL SELECT 21 AS hour UNION ALL SELECT 22 AS hour UNION ALL SELECT 23 AS hour

-- @table hour_activity
-- Of the whole core where the records name it: home cells are quiet while people are at work.
SELECT c.hour AS hour, coalesce(max(o.openings), 0) AS visits, coalesce(max(h.visits), 0) AS home_visits
FROM clock c
LEFT JOIN (SELECT CAST(extract(HOUR FROM k.hour_at) AS BIGINT) AS hour, CAST(sum(k.openings) AS BIGINT) AS openings FROM core_hour k GROUP BY CAST(extract(HOUR FROM k.hour_at) AS BIGINT)) o ON o.hour = c.hour
LEFT JOIN (SELECT CAST(extract(HOUR FROM v.hour_at) AS BIGINT) AS hour, CAST(count(*) AS BIGINT) AS visits FROM visit_all v GROUP BY CAST(extract(HOUR FROM v.hour_at) AS BIGINT)) h ON h.hour = c.hour
GROUP BY c.hour

-- @table trough
SELECT w.hour AS hour
FROM (
  SELECT y.hour AS hour, row_number() OVER (ORDER BY y.visits, y.home_visits, y.hour) AS rank
  FROM (
    SELECT a.hour AS hour, CAST(sum(b.visits) AS BIGINT) AS visits, CAST(sum(b.home_visits) AS BIGINT) AS home_visits
    FROM hour_activity a
    JOIN hour_activity b ON (b.hour - a.hour + 24) % 24 < :night_hours
    GROUP BY a.hour
  ) y
) w
WHERE w.rank = 1

-- @table night_visit
-- A night belongs to the day that it begins.
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.source AS source, v.imsi AS imsi, v.hour_at AS hour_at,
  date_trunc('day', v.hour_at - t.hour * INTERVAL '1' HOUR) AS turn_at, CASE WHEN (CAST(extract(HOUR FROM v.hour_at) AS BIGINT) - t.hour + 24) % 24 < :night_hours THEN 1 ELSE 0 END AS is_night
FROM visit_all v
CROSS JOIN trough t
