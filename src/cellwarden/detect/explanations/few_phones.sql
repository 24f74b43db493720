-- Cells whose permanent identities come from a few phones that attach over and over again, day after day, and how many others use them.

-- @table phone_day
-- Without asking for an order, unlike `visit`: a row that lost it makes no catcher of whoever hears the same few phones.
SELECT v.plmn AS plmn, v.rat AS rat, v.cell_type AS cell_type, v.cell AS cell, p.hand AS hand, v.imsi AS imsi, date_trunc('day', v.hour_at) AS day_at, CAST(sum(v.identified) AS BIGINT) AS identified
FROM visit_all v
JOIN presence p ON p.plmn = v.plmn AND p.rat = v.rat AND p.cell_type = v.cell_type AND p.cell = v.cell AND p.source = v.source
  AND date_trunc('day', p.first_at) = date_trunc('day', v.hour_at)
JOIN proper r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.hand = p.hand
GROUP BY v.plmn, v.rat, v.cell_type, v.cell, p.hand, v.imsi, date_trunc('day', v.hour_at)

-- @table tester
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.hand AS hand, t.imsi AS imsi,
  CAST(sum(t.identified) AS BIGINT) AS identified, CAST(count(*) AS BIGINT) AS test_days
FROM phone_day t
WHERE t.identified >= :min_attaches_a_day
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.hand, t.imsi
HAVING count(*) >= :min_days

-- @table everybody
SELECT t.plmn AS plmn, t.rat AS rat, t.cell_type AS cell_type, t.cell AS cell, t.hand AS hand, CAST(count(DISTINCT t.imsi) AS BIGINT) AS people, CAST(sum(t.identified) AS BIGINT) AS identified
FROM phone_day t
GROUP BY t.plmn, t.rat, t.cell_type, t.cell, t.hand

-- @table few_phones
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.from_at AS from_at, r.to_at AS to_at,
  CAST(count(*) AS BIGINT) AS testers, CAST(sum(t.identified) AS BIGINT) AS by_testers, max(e.identified) AS identified,
  CAST(max(e.people) - count(*) AS BIGINT) AS others
FROM proper r
JOIN tester t ON t.plmn = r.plmn AND t.rat = r.rat AND t.cell_type = r.cell_type AND t.cell = r.cell AND t.hand = r.hand
JOIN everybody e ON e.plmn = r.plmn AND e.rat = r.rat AND e.cell_type = r.cell_type AND e.cell = r.cell AND e.hand = r.hand
GROUP BY r.plmn, r.rat, r.cell_type, r.cell, r.hand, r.from_at, r.to_at
