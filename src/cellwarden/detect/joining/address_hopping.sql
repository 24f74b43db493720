-- Equipment that came up from one outer address after another within 24 hours, beside how often this fleet's equipment does.

-- @table mobile_cell
SELECT DISTINCT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell FROM equipment_version v WHERE v.kind = 'mobile'

-- @table coming
-- A hand named after its address cannot be seen to change it: only a serial can.
SELECT l.plmn AS plmn, l.cell_type AS cell_type, l.cell AS cell, l.hand AS hand, l.source_ip AS source_ip, l.asn AS asn, l.at AS at
FROM link l
LEFT JOIN mobile_cell m ON m.plmn = l.plmn AND m.cell_type = l.cell_type AND m.cell = l.cell
WHERE l.event = 'ike_up' AND coalesce(l.result, 'ok') = 'ok' AND l.serial IS NOT NULL AND l.source_ip IS NOT NULL AND l.cell IS NOT NULL AND m.cell IS NULL
GROUP BY l.plmn, l.cell_type, l.cell, l.hand, l.source_ip, l.asn, l.at

-- @table last_day
SELECT a.hand AS hand, a.at AS at, min(b.at) AS from_at, CAST(count(DISTINCT b.source_ip) AS BIGINT) AS addresses, CAST(count(DISTINCT b.asn) AS BIGINT) AS asns
FROM (SELECT DISTINCT c.hand AS hand, c.at AS at FROM coming c) a
JOIN coming b ON b.hand = a.hand AND b.at <= a.at AND b.at > a.at - INTERVAL '24' HOUR
GROUP BY a.hand, a.at

-- @table peak
SELECT d.hand AS hand, max(d.addresses) AS addresses FROM last_day d GROUP BY d.hand

-- @table peak_habit
SELECT p.addresses AS addresses, CAST(count(*) AS BIGINT) AS hands FROM peak p GROUP BY p.addresses

-- @table at_least
SELECT a.addresses AS addresses, CAST(sum(CASE WHEN b.addresses >= a.addresses THEN b.hands ELSE 0 END) AS BIGINT) AS seen, CAST(sum(b.hands) AS BIGINT) AS among
FROM peak_habit a
JOIN peak_habit b ON b.hands > 0
GROUP BY a.addresses

-- @result
SELECT c.plmn AS plmn, CASE WHEN c.cell_type = 'gnb' THEN 'nr' ELSE 'lte' END AS rat, c.cell_type AS cell_type, c.cell AS cell, c.hand AS hand,
  min(d.from_at) AS from_at, max(d.at) + INTERVAL '24' HOUR AS to_at, min(d.at) AS known_at, p.addresses AS addresses, max(d.asns) AS asns, n.seen AS seen, n.among AS among
FROM coming c
JOIN last_day d ON d.hand = c.hand AND c.at <= d.at AND c.at > d.at - INTERVAL '24' HOUR AND d.addresses >= :min_addresses
JOIN peak p ON p.hand = c.hand
JOIN at_least n ON n.addresses = p.addresses
GROUP BY c.plmn, c.cell_type, c.cell, c.hand, p.addresses, n.seen, n.among
