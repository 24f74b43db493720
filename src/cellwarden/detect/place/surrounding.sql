-- Which placed cells the visitors of a home cell were on just before and after, one row a step. Reads `neighbour` of sighting.sql.
-- @result
SELECT n.plmn AS plmn, n.rat AS rat, n.cell_type AS cell_type, n.cell AS cell, n.source AS source, n.at AS at, n.imsi AS imsi,
  n.near_cell AS near_cell, n.lat AS lat, n.lon AS lon
FROM neighbour n
