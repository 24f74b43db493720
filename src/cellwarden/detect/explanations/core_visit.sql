-- Through which core the rows of a home cell came, hour by hour. Reads access_day, one UTC day.
-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, h.core AS core, h.hour_at AS hour_at, h.first_at AS first_at, h.last_at AS last_at
FROM (
  SELECT s.place AS place, a.core AS core, date_trunc('hour', a.at) AS hour_at, min(a.at) AS first_at, max(a.at) AS last_at
  FROM access_day a
  JOIN told_place s ON s.plmn = a.plmn AND s.rat = a.rat AND s.told_type = coalesce(a.cell_type, '') AND s.cell = a.cell AND s.told_source = coalesce(a.source, '') AND s.tac = a.tac
  WHERE a.core IS NOT NULL AND s.cell_type = 'home'
  GROUP BY s.place, a.core, date_trunc('hour', a.at)
) h
JOIN place p ON p.place = h.place
