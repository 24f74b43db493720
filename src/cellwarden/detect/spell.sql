-- Spells of the flagged cells: maximal runs of rows of one cell in one unit with no gap over six hours.
-- Reads candidate (cells) and member (which hand belongs to which unit), both small and handed in.

-- @table candidate_row
-- By number alone first: rows lie in the order of cells, so that most of a table is never unpacked.
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, a.at AS at, a.imsi AS imsi,
  a.procedure AS procedure, a.identity AS identity, a.result AS result, a.ciphering AS ciphering, a.ims_protection AS ims_protection
FROM access a
JOIN (SELECT DISTINCT c.cell AS cell FROM candidate c) d ON d.cell = a.cell
WHERE a.at <= :until

-- @table candidate_access
SELECT c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)) AS source, a.tac AS tac, a.at AS at, a.imsi AS imsi,
  a.procedure AS procedure, a.identity AS identity, a.result AS result, a.ciphering AS ciphering, a.ims_protection AS ims_protection,
  CASE WHEN s.hand IS NOT NULL THEN s.hand || ' at ' || coalesce(h.source_ip, a.source, 'tac ' || CAST(a.tac AS STRING))
    ELSE coalesce(h.hand, 'inner ' || a.source, 'tac ' || CAST(a.tac AS STRING)) END AS hand
FROM candidate_row a
LEFT JOIN cell_kind k ON k.plmn = a.plmn AND k.cell = a.cell
JOIN candidate c ON c.plmn = a.plmn AND c.rat = a.rat AND c.cell = a.cell AND c.cell_type = coalesce(a.cell_type, k.cell_type, '')
LEFT JOIN holding h ON h.cell = a.cell AND h.source = a.source AND a.at >= h.from_at AND a.at < h.until_at
LEFT JOIN split_hand s ON s.plmn = a.plmn AND s.rat = a.rat AND s.cell_type = c.cell_type AND s.cell = a.cell AND s.hand = h.hand

-- @table unit_access
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.source AS source, a.tac AS tac, a.at AS at, a.imsi AS imsi,
  a.procedure AS procedure, a.identity AS identity, a.result AS result, a.ciphering AS ciphering, a.ims_protection AS ims_protection,
  a.hand AS hand, coalesce(m.unit, a.hand) AS unit
FROM candidate_access a
LEFT JOIN member m ON m.plmn = a.plmn AND m.rat = a.rat AND m.cell_type = a.cell_type AND m.cell = a.cell AND m.hand = a.hand

-- @table unit_hour
-- Within an hour there is no gap of six: spells are cut between hours, not between rows.
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.unit AS unit, date_trunc('hour', a.at) AS hour_at,
  min(a.at) AS from_at, max(a.at) AS to_at, CAST(count(*) AS BIGINT) AS events
FROM unit_access a
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.unit, date_trunc('hour', a.at)

-- @table opening
SELECT u.plmn AS plmn, u.rat AS rat, u.cell_type AS cell_type, u.cell AS cell, u.unit AS unit, u.from_at AS from_at, u.to_at AS to_at, u.events AS events,
  CASE WHEN u.previous_at IS NULL OR u.previous_at + INTERVAL '6' HOUR < u.from_at THEN 1 ELSE 0 END AS opens
FROM (
  SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.unit AS unit, a.from_at AS from_at, a.to_at AS to_at, a.events AS events,
    lag(a.to_at) OVER (PARTITION BY a.plmn, a.rat, a.cell_type, a.cell, a.unit ORDER BY a.hour_at) AS previous_at
  FROM unit_hour a
) u

-- @table numbered
SELECT o.plmn AS plmn, o.rat AS rat, o.cell_type AS cell_type, o.cell AS cell, o.unit AS unit, o.from_at AS from_at, o.to_at AS to_at, o.events AS events,
  CAST(sum(o.opens) OVER (PARTITION BY o.plmn, o.rat, o.cell_type, o.cell, o.unit ORDER BY o.from_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS spell
FROM opening o

-- @result
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.unit AS unit, n.spell AS spell,
  min(n.from_at) AS from_at, max(n.to_at) AS to_at, CAST(sum(n.events) AS BIGINT) AS events
FROM numbered n
GROUP BY n.plmn, n.rat, n.cell_type, n.cell, n.unit, n.spell
ORDER BY plmn, rat, cell_type, cell, from_at, unit
