-- Devices that claimed one id after another, out of one network: a serial that turns up in another one may be a copy. Reads link.

-- @table claim
SELECT l.hand AS hand, coalesce(l.asn, -1) AS asn, l.plmn AS plmn, l.cell_type AS cell_type, l.cell AS cell, l.at AS at
FROM link l
WHERE l.event IN ('ike_up', 's1_setup') AND coalesce(l.result, 'ok') = 'ok' AND l.serial IS NOT NULL AND l.cell IS NOT NULL

-- @table coming
-- What comes up within two minutes comes up together: equipment with several cells names all of them each time.
SELECT c.hand AS hand, c.asn AS asn, c.cell AS cell, c.at AS at,
  CAST(sum(c.begins) OVER (PARTITION BY c.hand, c.asn ORDER BY c.at, c.cell ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS coming
FROM (
  SELECT d.hand AS hand, d.asn AS asn, d.cell AS cell, d.at AS at,
    CASE WHEN lag(d.at) OVER (PARTITION BY d.hand, d.asn ORDER BY d.at, d.cell) >= d.at - INTERVAL '2' MINUTE THEN 0 ELSE 1 END AS begins
  FROM claim d
) c

-- @table as_one
SELECT c.hand AS hand, c.asn AS asn, c.coming AS coming, min(c.at) AS at, min(c.cell) AS first_cell, max(c.cell) AS last_cell
FROM coming c
GROUP BY c.hand, c.asn, c.coming

-- @table switch
SELECT a.hand AS hand, a.asn AS asn, a.at AS at,
  CAST(sum(a.is_other) OVER (PARTITION BY a.hand, a.asn ORDER BY a.at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS switches
FROM (
  SELECT o.hand AS hand, o.asn AS asn, o.at AS at,
    CASE WHEN lag(o.last_cell) OVER (PARTITION BY o.hand, o.asn ORDER BY o.at) < o.first_cell OR lag(o.first_cell) OVER (PARTITION BY o.hand, o.asn ORDER BY o.at) > o.last_cell THEN 1 ELSE 0 END AS is_other
  FROM as_one o
) a

-- @table changeable
SELECT s.hand AS hand, s.asn AS asn, max(s.switches) AS switches, min(CASE WHEN s.switches >= :min_switches THEN s.at END) AS known_at
FROM switch s
GROUP BY s.hand, s.asn

-- @table usual
SELECT CAST(count(*) AS BIGINT) AS among, CAST(sum(CASE WHEN c.switches >= :min_switches THEN 1 ELSE 0 END) AS BIGINT) AS seen FROM changeable c

-- @result
SELECT c.plmn AS plmn, CASE WHEN c.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand,
  min(c.at) AS from_at, TIMESTAMP '2999-01-01 00:00:00' AS to_at, h.known_at AS known_at, h.switches AS switches, u.seen AS seen, u.among AS among,
  CAST(max(n.cells) AS BIGINT) AS cells
FROM claim c
JOIN changeable h ON h.hand = c.hand AND h.asn = c.asn AND h.switches >= :min_switches
JOIN (SELECT d.hand AS hand, d.asn AS asn, count(DISTINCT d.cell) AS cells FROM claim d GROUP BY d.hand, d.asn) n ON n.hand = c.hand AND n.asn = c.asn
CROSS JOIN usual u
GROUP BY c.plmn, c.cell_type, c.cell, c.hand, h.known_at, h.switches, u.seen, u.among
