-- Which placed cells the visitors of a home cell were on just before and after, one row a step. Reads `neighbour` of sighting.sql.
-- @result
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, n.at AS at, n.imsi AS imsi,
  l.cell AS near_cell, l.lat AS lat, l.lon AS lon
FROM neighbour n
JOIN place p ON p.place = n.place
JOIN place l ON l.place = n.near_place
