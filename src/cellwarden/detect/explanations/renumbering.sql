-- Places (transport addresses) where listed macro cells fell silent for good and unlisted ones took over.

-- @table at_address
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source, p.first_at AS first_at, p.last_at AS last_at,
  p.subscribers AS subscribers, CASE WHEN r.status IS NULL THEN 1 ELSE 0 END AS unlisted
FROM presence p
JOIN registered r ON r.plmn = p.plmn AND r.rat = p.rat AND r.cell_type = p.cell_type AND r.cell = p.cell AND r.source = p.source AND r.hand = p.hand AND r.first_at = p.first_at
WHERE p.cell_type IN ('macro', 'short_macro', 'long_macro', 'gnb') AND (r.status IS NULL OR r.status = 'active')

-- @table old_side
SELECT a.source AS source, a.rat AS rat, max(a.last_at) AS until_at, CAST(count(DISTINCT a.cell) AS BIGINT) AS cells,
  CAST(sum(a.subscribers) AS BIGINT) AS subscribers, CAST(count(DISTINCT date_trunc('day', a.first_at)) AS BIGINT) AS served_days
FROM at_address a
WHERE a.unlisted = 0
GROUP BY a.source, a.rat

-- @table new_side
SELECT a.source AS source, a.rat AS rat, min(a.first_at) AS since_at, CAST(count(DISTINCT a.cell) AS BIGINT) AS cells,
  CAST(sum(a.subscribers) AS BIGINT) AS subscribers, CAST(count(DISTINCT date_trunc('day', a.first_at)) AS BIGINT) AS served_days
FROM at_address a
WHERE a.unlisted = 1
GROUP BY a.source, a.rat

-- @table announced
-- Old and new number as the calendar has them; whatever the old one did after the window speaks against it.
SELECT e.cell AS old_cell, e.new_cell AS cell, min(e.from_at) AS from_at, max(coalesce(e.to_at, e.from_at)) AS to_at
FROM events e
WHERE e.kind = 'renumbering' AND e.cell IS NOT NULL AND e.new_cell IS NOT NULL
GROUP BY e.cell, e.new_cell

-- @table announced_old
SELECT n.cell AS cell, max(a.last_at) AS until_at
FROM announced n
JOIN at_address a ON a.cell = n.old_cell
GROUP BY n.cell

-- @result
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.hand AS hand, a.source AS source, min(a.first_at) AS from_at, max(a.last_at) AS to_at,
  max(o.until_at) AS old_until_at, max(n.since_at) AS new_since_at, max(o.cells) AS old_cells, max(n.cells) AS new_cells, max(o.subscribers) AS old_subscribers,
  max(n.subscribers) AS new_subscribers, max(o.served_days) AS old_days, max(n.served_days) AS new_days, max(e.from_at) AS announced_at, max(e.to_at) AS announced_to_at, max(u.until_at) AS announced_old_until_at
FROM at_address a
JOIN new_side n ON n.source = a.source AND n.rat = a.rat
LEFT JOIN old_side o ON o.source = a.source AND o.rat = a.rat
LEFT JOIN announced e ON e.cell = a.cell
LEFT JOIN announced_old u ON u.cell = a.cell
WHERE a.unlisted = 1
GROUP BY a.plmn, a.rat, a.cell_type, a.cell, a.hand, a.source
