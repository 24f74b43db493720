-- Who touched the cells that a baseline accuses, and what showed of them. Reads accused (handed in), access.
-- grade: 2 the permanent identity, 1 possibly, 0 a temporary one (records.md, "Identity grade").
-- @result
SELECT a.imsi AS imsi, c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.unit AS unit, c.from_at AS episode_from,
  min(a.at) AS from_at, max(a.at) AS to_at, CAST(count(*) AS BIGINT) AS events,
  CAST(max(CASE
    WHEN a.identity IN ('imsi', 'suci_null') THEN 2
    WHEN a.identity = 'unknown' OR a.ciphering = 0 THEN 1
    WHEN a.procedure = 'ims_register' AND a.ims_protection IN ('none', 'integrity_only') THEN 1
    ELSE 0 END) AS BIGINT) AS grade
FROM accused c
JOIN access a ON a.plmn = c.plmn AND a.rat = c.rat AND coalesce(a.cell_type, '') = coalesce(c.cell_type, '') AND a.cell = c.cell
  AND a.at >= c.from_at AND a.at <= c.to_at
WHERE a.imsi IS NOT NULL
GROUP BY a.imsi, c.plmn, c.rat, c.cell_type, c.cell, c.unit, c.from_at
ORDER BY imsi, plmn, rat, cell_type NULLS FIRST, cell, episode_from
