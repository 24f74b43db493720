-- Cells whose permanent identities come from a few phones that attach over and over again, day after day, and how many others use them.

-- @table tester_day
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, v.imsi AS imsi, v.day_at AS day_at, CAST(sum(v.identified) AS BIGINT) AS identified
FROM visit v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.hand, v.imsi, v.day_at

-- @table tester
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.hand AS hand, t.imsi AS imsi,
  CAST(sum(t.identified) AS BIGINT) AS identified, CAST(count(*) AS BIGINT) AS test_days
FROM tester_day t
WHERE t.identified >= :min_attaches_a_day
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.hand, t.imsi
HAVING count(*) >= :min_days

-- @table other
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, v.hand AS hand, CAST(count(DISTINCT v.imsi) AS BIGINT) AS people
FROM visit v
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, v.hand

-- @table few_phones
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.from_at AS from_at, r.to_at AS to_at,
  CAST(count(*) AS BIGINT) AS testers, CAST(sum(t.identified) AS BIGINT) AS by_testers, max(s.identified) AS identified,
  CAST(max(o.people) - count(*) AS BIGINT) AS others
FROM proper r
JOIN tester t ON t.plmn = r.plmn AND t.rat = r.rat AND t.cell_type = r.cell_type AND t.cell = r.cell AND t.hand = r.hand
JOIN shown s ON s.plmn = r.plmn AND s.rat = r.rat AND s.cell_type = r.cell_type AND s.cell = r.cell AND s.hand = r.hand
JOIN other o ON o.plmn = r.plmn AND o.rat = r.rat AND o.cell_type = r.cell_type AND o.cell = r.cell AND o.hand = r.hand
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand, r.from_at, r.to_at
