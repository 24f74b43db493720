-- Who was on a home cell in which hour, and what they showed of themselves. Reads access_day, one UTC day.

-- @table stay_hour
SELECT s.place AS place, a.imsi AS imsi, date_trunc('hour', a.at) AS hour_at, CAST(count(*) AS BIGINT) AS events,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS openings,
  CAST(sum(CASE WHEN a.identity IN ('imsi', 'suci_null') AND a.procedure IN ('attach', 'tau', 'service_request', 'identity') THEN 1 ELSE 0 END) AS BIGINT) AS identified
FROM access_day a
JOIN told_place s ON s.plmn = a.plmn AND s.rat = a.rat AND s.told_type = coalesce(a.cell_type, '') AND s.cell = a.cell AND s.told_source = coalesce(a.source, '') AND s.tac = a.tac
WHERE a.imsi IS NOT NULL AND s.cell_type = 'home'
GROUP BY s.place, a.imsi, date_trunc('hour', a.at)

-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, h.imsi AS imsi,
  h.hour_at AS hour_at, h.events AS events, h.openings AS openings, h.identified AS identified
FROM stay_hour h
JOIN place p ON p.place = h.place
