-- Through which core the rows of a home cell came, hour by hour. Reads access_day, one UTC day.
-- @result
SELECT a.plmn AS plmn, a.rat AS rat, 'home' AS cell_type, a.cell AS cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)) AS source,
  a.core AS core, date_trunc('hour', a.at) AS hour_at, min(a.at) AS first_at, max(a.at) AS last_at
FROM access_day a
LEFT JOIN cell_kind k ON k.plmn = a.plmn AND k.cell = a.cell
WHERE a.core IS NOT NULL AND coalesce(a.cell_type, k.cell_type, '') = 'home'
GROUP BY a.plmn, a.rat, a.cell, coalesce(a.source, 'tac ' || CAST(a.tac AS STRING)), a.core, date_trunc('hour', a.at)
