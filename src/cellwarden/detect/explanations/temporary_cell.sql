-- Unlisted macro cells that serve a crowd from the operator's own transport, and what listed macro cells do meanwhile.

-- @table macro_day
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.source AS source, r.status AS status,
  p.first_at AS first_at, p.last_at AS last_at, p.subscribers AS subscribers, p.openings AS openings, least(p.identified, p.openings) AS identified
FROM registered r
JOIN presence p ON p.plmn = r.plmn AND p.rat = r.rat AND p.cell_type = r.cell_type AND p.cell = r.cell AND p.source = r.source AND p.hand = r.hand
  AND p.first_at = r.first_at
WHERE r.cell_type IN ('macro', 'short_macro', 'long_macro', 'gnb')

-- @table joined_cell
SELECT DISTINCT l.cell AS cell FROM link l WHERE l.cell IS NOT NULL

-- @table joined_address
SELECT DISTINCT l.inner_ip AS source FROM link l WHERE l.inner_ip IS NOT NULL

-- @table macro_span
SELECT CAST(count(DISTINCT date_trunc('day', m.first_at)) AS BIGINT) AS covered_days FROM macro_day m

-- @table ordinary
SELECT m.rat AS rat, CAST(sum(m.subscribers) AS BIGINT) AS subscribers, CAST(count(*) AS BIGINT) AS cell_days,
  CAST(sum(m.openings) AS BIGINT) AS openings, CAST(sum(m.identified) AS BIGINT) AS identified
FROM macro_day m
WHERE m.status = 'active'
GROUP BY m.rat

-- @result
SELECT 'unlisted' AS subject, m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.hand AS hand, m.source AS source,
  min(m.first_at) AS from_at, max(m.last_at) AS to_at, CAST(max(m.subscribers) AS BIGINT) AS subscribers, CAST(sum(m.openings) AS BIGINT) AS openings,
  CAST(sum(m.identified) AS BIGINT) AS identified, CAST(count(*) AS BIGINT) AS cell_days, max(z.covered_days) AS covered_days, max(o.subscribers) AS usual_subscribers, max(o.cell_days) AS usual_cell_days,
  max(o.openings) AS usual_openings, max(o.identified) AS usual_identified, CAST(max(CASE WHEN e.kind IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS announced
FROM macro_day m
JOIN ordinary o ON o.rat = m.rat
CROSS JOIN macro_span z
LEFT JOIN joined_cell c ON c.cell = m.cell
LEFT JOIN joined_address a ON a.source = m.source
LEFT JOIN events e ON e.kind = 'temporary_cell' AND e.cell = m.cell AND e.from_at <= m.last_at AND (e.to_at IS NULL OR e.to_at >= m.first_at)
WHERE m.status IS NULL AND c.cell IS NULL AND a.source IS NULL
GROUP BY m.plmn, m.rat, m.cell_type, m.cell, m.hand, m.source
UNION ALL
SELECT DISTINCT CASE WHEN p.cell_type = 'home' THEN 'home address' ELSE 'macro address' END AS subject, '' AS plmn, '' AS rat, '' AS cell_type, CAST(0 AS BIGINT) AS cell, '' AS hand,
  p.source AS source, CAST(NULL AS TIMESTAMP) AS from_at, CAST(NULL AS TIMESTAMP) AS to_at, CAST(0 AS BIGINT) AS subscribers, CAST(0 AS BIGINT) AS openings,
  CAST(0 AS BIGINT) AS identified, CAST(0 AS BIGINT) AS cell_days, CAST(0 AS BIGINT) AS covered_days, CAST(0 AS BIGINT) AS usual_subscribers, CAST(0 AS BIGINT) AS usual_cell_days,
  CAST(0 AS BIGINT) AS usual_openings, CAST(0 AS BIGINT) AS usual_identified, CAST(0 AS BIGINT) AS announced
FROM presence p
JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.hand = p.hand AND r.first_at = p.first_at
WHERE p.cell_type = 'home' OR r.status = 'active'
