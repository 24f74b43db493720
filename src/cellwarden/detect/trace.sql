-- A day of access rows in the numbers of `place` (base.sql): what the queries about a day's procedures and ways read. Reads access_day, one UTC day.

-- @table trace
SELECT s.place AS place, a.imsi AS imsi, a.at AS at
FROM access_day a
JOIN told_place s ON s.plmn = a.plmn AND s.rat = a.rat AND s.told_type = coalesce(a.cell_type, '') AND s.cell = a.cell AND s.told_source = coalesce(a.source, '') AND s.tac = a.tac
WHERE a.imsi IS NOT NULL

-- @table telling
-- The few rows in which somebody was identified, turned away, or registered for calls.
SELECT s.place AS place, a.tac AS tac, a.cell AS cell, a.imsi AS imsi, a.at AS at, a.procedure AS procedure, a.result AS result, a.cause AS cause,
  a.core AS core, a.ims_protection AS ims_protection, CASE WHEN a.identity IN ('imsi', 'suci_null') THEN 1 ELSE 0 END AS is_identified,
  CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END AS is_opening
FROM access_day a
JOIN told_place s ON s.plmn = a.plmn AND s.rat = a.rat AND s.told_type = coalesce(a.cell_type, '') AND s.cell = a.cell AND s.told_source = coalesce(a.source, '') AND s.tac = a.tac
WHERE a.identity IN ('imsi', 'suci_null') OR a.result = 'reject' OR a.procedure = 'detach' OR a.ims_protection IS NOT NULL
