-- What a block would have stopped. Reads touch, usage and equipment; blocked and exposed are handed in.
-- Words: a row of touch is *stopped* if the block names its cell and address; it is *caught* if the census counts the subscriber as exposed
-- there at that time, *hurt* if not and the registry knows the cell as active, *unknown* otherwise.

-- @table stopped
SELECT DISTINCT t.imsi AS imsi, t.plmn AS plmn, t.rat AS rat, coalesce(t.cell_type, b.cell_type) AS cell_type, t.cell AS cell, t.source AS source,
  t.tac AS tac, t.first_at AS first_at, t.last_at AS last_at, t.events AS events
FROM touch t
JOIN blocked b ON b.cell = t.cell AND (b.cell_type IS NULL OR t.cell_type IS NULL OR b.cell_type = t.cell_type)
  AND (b.source IS NULL OR b.source = t.source)
WHERE t.last_at >= :from_at AND t.first_at <= :to_at

-- @table caught
SELECT DISTINCT s.imsi AS imsi, s.cell AS cell, s.source AS source, s.first_at AS first_at
FROM stopped s
JOIN exposed e ON e.imsi = s.imsi AND e.plmn = s.plmn AND e.rat = s.rat AND e.cell = s.cell
  AND e.from_at <= s.last_at AND e.to_at >= s.first_at

-- @table active_cell
SELECT DISTINCT v.cell_type AS cell_type, v.cell AS cell
FROM equipment v
WHERE v.status = 'active'

-- @table classed
SELECT s.imsi AS imsi, s.events AS events, date_trunc('day', s.first_at) AS day_at,
  CASE WHEN c.imsi IS NOT NULL THEN 1 WHEN r.cell IS NOT NULL THEN 2 ELSE 3 END AS rank
FROM stopped s
LEFT JOIN caught c ON c.imsi = s.imsi AND c.cell = s.cell AND c.first_at = s.first_at AND coalesce(c.source, '') = coalesce(s.source, '')
LEFT JOIN active_cell r ON r.cell = s.cell AND r.cell_type = s.cell_type

-- @table person
SELECT c.imsi AS imsi, min(c.rank) AS rank
FROM classed c
WHERE c.imsi IS NOT NULL
GROUP BY c.imsi

-- @table seen_day
SELECT t.imsi AS imsi, date_trunc('day', t.first_at) AS day_at, CAST(sum(t.events) AS BIGINT) AS events
FROM touch t
JOIN person p ON p.imsi = t.imsi
GROUP BY t.imsi, date_trunc('day', t.first_at)

-- @table stopped_day
SELECT c.imsi AS imsi, c.day_at AS day_at, CAST(sum(c.events) AS BIGINT) AS events
FROM classed c
WHERE c.imsi IS NOT NULL
GROUP BY c.imsi, c.day_at

-- @table alone
-- People whom the records show on a day through nothing but what is blocked: there, an emergency call had no other way that we know of.
SELECT DISTINCT s.imsi AS imsi
FROM stopped_day s
JOIN seen_day d ON d.imsi = s.imsi AND d.day_at = s.day_at AND d.events = s.events

-- @table carried
SELECT u.imsi AS imsi, CAST(sum(CASE WHEN u.service IN ('voice_mo', 'voice_mt') THEN 1 ELSE 0 END) AS BIGINT) AS calls,
  CAST(sum(CASE WHEN u.peer LIKE 'emergency:%' THEN 1 ELSE 0 END) AS BIGINT) AS emergency_calls
FROM usage u
JOIN (SELECT DISTINCT b.cell AS cell, b.cell_type AS cell_type, b.source AS source FROM blocked b) b
  ON b.cell = u.cell AND (b.cell_type IS NULL OR u.cell_type IS NULL OR b.cell_type = u.cell_type)
  AND (b.source IS NULL OR u.source IS NULL OR b.source = u.source)
WHERE u.at >= :from_at AND u.at <= :to_at
GROUP BY u.imsi

-- @table events_of
SELECT c.rank AS rank, CAST(sum(c.events) AS BIGINT) AS events
FROM classed c
GROUP BY c.rank

-- @result
SELECT k.rank AS rank, e.events AS events, CAST(count(p.imsi) AS BIGINT) AS people,
  CAST(sum(CASE WHEN a.imsi IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS people_without_another_cell,
  CAST(sum(coalesce(v.calls, 0)) AS BIGINT) AS calls, CAST(sum(coalesce(v.emergency_calls, 0)) AS BIGINT) AS emergency_calls
FROM (SELECT 1 AS rank UNION ALL SELECT 2 AS rank UNION ALL SELECT 3 AS rank) k
LEFT JOIN person p ON p.rank = k.rank
LEFT JOIN alone a ON a.imsi = p.imsi
LEFT JOIN carried v ON v.imsi = p.imsi
LEFT JOIN events_of e ON e.rank = k.rank
GROUP BY k.rank, e.events
ORDER BY rank
