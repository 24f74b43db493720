-- Whether anything still came through what is blocked, while it was. Reads touch and cell_day; blocked is handed in.
-- @table after_block
SELECT DISTINCT t.plmn AS plmn, t.rat AS rat, t.cell AS cell, t.source AS source, t.tac AS tac, t.imsi AS imsi, t.first_at AS first_at, t.last_at AS last_at
FROM touch t
JOIN blocked b ON b.cell = t.cell AND (b.cell_type IS NULL OR t.cell_type IS NULL OR b.cell_type = t.cell_type)
  AND (b.source IS NULL OR b.source = t.source)
WHERE t.last_at > :since AND t.first_at <= :until

-- @result
SELECT (SELECT max(c.last_at) AS last_at FROM cell_day c WHERE c.first_at <= :until) AS records_to, CAST(count(*) AS BIGINT) AS rows_after,
  CAST(count(DISTINCT a.imsi) AS BIGINT) AS people_after, max(a.last_at) AS last_at
FROM after_block a
