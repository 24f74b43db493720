-- What home cells do day after day: guests of many days, guests of few (strangers), and the hours in which strangers come.
-- After proper_visit.sql.

-- @table guest
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, v.imsi AS imsi, CAST(count(DISTINCT v.day_at) AS BIGINT) AS visited_days
FROM visit v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.hand, v.imsi

-- @table stranger_visit
-- A stranger was there on at most a third of the cell's days.
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, v.imsi AS imsi, v.hour_at AS hour_at, v.day_at AS day_at,
  v.openings AS openings, v.identified AS identified
FROM visit v
JOIN guest g ON g.plmn = v.plmn AND g.rat = v.rat AND g.cell_type = v.cell_type AND g.cell = v.cell AND g.hand = v.hand AND g.imsi = v.imsi
JOIN proper r ON r.plmn = v.plmn AND r.rat = v.rat AND r.cell_type = v.cell_type AND r.cell = v.cell AND r.hand = v.hand
WHERE 3 * g.visited_days <= r.served_days

-- @table stranger_day
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.day_at AS day_at, CAST(count(DISTINCT s.imsi) AS BIGINT) AS strangers,
  CAST(count(DISTINCT CASE WHEN s.identified > 0 THEN s.imsi END) AS BIGINT) AS strangers_identified
FROM stranger_visit s
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand, s.day_at

-- @table shown_usually
SELECT v.rat AS rat, CAST(sum(v.openings) AS BIGINT) AS openings, CAST(sum(v.identified) AS BIGINT) AS identified
FROM visit_all v
GROUP BY v.rat

-- @table habit
-- What is usual is what the others show: a catcher must not make itself so.
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.from_at AS from_at, r.to_at AS to_at, r.served_days AS served_days,
  d.busy_days AS busy_days, d.identified_days AS identified_days, s.openings AS openings, s.identified AS identified, u.openings - s.openings AS usual_openings, u.identified - s.identified AS usual_identified
FROM proper r
JOIN shown s ON s.plmn = r.plmn AND s.rat = r.rat AND s.cell_type = r.cell_type AND s.cell = r.cell AND s.hand = r.hand
JOIN shown_usually u ON u.rat = r.rat
JOIN (
  SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, CAST(sum(CASE WHEN s.strangers >= :min_strangers THEN 1 ELSE 0 END) AS BIGINT) AS busy_days,
    CAST(sum(CASE WHEN s.strangers_identified > 0 THEN 1 ELSE 0 END) AS BIGINT) AS identified_days
  FROM stranger_day s
  GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand
) d ON d.plmn = r.plmn AND d.rat = r.rat AND d.cell_type = r.cell_type AND d.cell = r.cell AND d.hand = r.hand

-- @table habit_hour
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.served_days AS served_days,
  h.busy_days AS busy_days, h.identified_days AS identified_days, h.openings AS openings, h.identified AS identified, h.usual_openings AS usual_openings, h.usual_identified AS usual_identified,
  s.hour_of_day AS hour_of_day, s.visits AS visits, s.visit_days AS visit_days
FROM habit h
JOIN (
  SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, CAST(extract(HOUR FROM s.hour_at) AS BIGINT) AS hour_of_day,
    CAST(count(*) AS BIGINT) AS visits, CAST(count(DISTINCT s.day_at) AS BIGINT) AS visit_days
  FROM stranger_visit s
  GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand, CAST(extract(HOUR FROM s.hour_at) AS BIGINT)
) s ON s.plmn = h.plmn AND s.rat = h.rat AND s.cell_type = h.cell_type AND s.cell = h.cell AND s.hand = h.hand
