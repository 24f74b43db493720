-- What every detector reads: cells with their kind, who stood behind an address, and what the registry knew that day.
-- Words: a *hand* is the hardware behind a cell, as far as the records tell it from another (serial, else address);
-- a *presence* is one cell in one hand on one UTC day.

-- @table equipment_version
SELECT coalesce(e.plmn, :own_plmn) AS plmn, e.cell AS cell, e.cell_type AS cell_type, e.equipment_id AS equipment_id, e.kind AS kind,
  e.status AS status, e.valid_from AS valid_from, e.valid_to AS valid_to, e.recorded_at AS recorded_at, e.tac AS tac,
  e.serial AS serial, e.certificate AS certificate, e.access_line AS access_line, e.source_networks AS source_networks,
  e.lat AS lat, e.lon AS lon, e.work_order AS work_order, e.recorded_by AS recorded_by,
  e.vendor AS vendor, e.software AS software
FROM equipment e

-- @table cell_kind
-- A row without cell_type takes the registry's kind where that has exactly one, whatever its status.
SELECT v.plmn AS plmn, v.cell AS cell, min(v.cell_type) AS cell_type
FROM equipment_version v
GROUP BY v.plmn, v.cell
HAVING count(DISTINCT v.cell_type) = 1

-- @table equipment_cell
-- The one cell of a piece of equipment, for joins that name the equipment only.
SELECT v.equipment_id AS equipment_id, min(v.cell) AS cell
FROM equipment_version v
GROUP BY v.equipment_id
HAVING count(DISTINCT v.cell) = 1

-- @table link
SELECT l.at AS at, l.event AS event, coalesce(l.plmn, :own_plmn) AS plmn, coalesce(l.cell, q.cell) AS cell,
  coalesce(l.cell_type, k.cell_type, '') AS cell_type, l.name AS name, l.tac AS tac, l.source_ip AS source_ip, l.inner_ip AS inner_ip,
  l.asn AS asn, l.country AS country, l.certificate AS certificate, l.serial AS serial, l.software AS software,
  l.access_line AS access_line, l.lat AS lat, l.lon AS lon, l.result AS result, l.gateway AS gateway,
  l.certificate_not_before AS certificate_not_before, l.certificate_not_after AS certificate_not_after, l.certificate_issuer AS certificate_issuer,
  coalesce(l.serial, 'address ' || l.source_ip, 'inner ' || l.inner_ip, 'unnamed') AS hand
FROM links l
LEFT JOIN equipment_cell q ON q.equipment_id = l.equipment_id
LEFT JOIN cell_kind k ON k.plmn = coalesce(l.plmn, :own_plmn) AND k.cell = coalesce(l.cell, q.cell)

-- @table holding
-- From when an inner address belonged to which hand, a row each time that it changed hands for a cell.
SELECT h.cell AS cell, h.source AS source, h.hand AS hand, h.source_ip AS source_ip,
  CASE WHEN h.previous IS NULL THEN TIMESTAMP '1970-01-01 00:00:00' ELSE h.at END AS from_at,
  coalesce(lead(h.at) OVER (PARTITION BY h.cell, h.source ORDER BY h.at, h.hand), TIMESTAMP '2999-01-01 00:00:00') AS until_at
FROM (
  SELECT l.cell AS cell, l.inner_ip AS source, l.hand AS hand, l.source_ip AS source_ip, l.at AS at,
    lag(l.hand) OVER (PARTITION BY l.cell, l.inner_ip ORDER BY l.at, l.event, l.hand, l.source_ip NULLS FIRST) AS previous,
    lag(l.source_ip) OVER (PARTITION BY l.cell, l.inner_ip ORDER BY l.at, l.event, l.hand, l.source_ip NULLS FIRST) AS previous_ip
  FROM link l
  WHERE l.cell IS NOT NULL AND l.inner_ip IS NOT NULL AND l.event IN ('ike_up', 's1_setup') AND coalesce(l.result, 'ok') = 'ok'
) h
WHERE h.previous IS NULL OR h.previous <> h.hand OR coalesce(h.previous_ip, '') <> coalesce(h.source_ip, '')

-- @table place_day
-- cell_day with its kind and the hand behind its address; without a logged address the tracking area stands for it.
SELECT c.plmn AS plmn, c.rat AS rat, coalesce(c.cell_type, k.cell_type, '') AS cell_type, c.cell AS cell,
  coalesce(c.source, 'tac ' || CAST(c.tac AS STRING)) AS source, c.tac AS tac, h.source_ip AS source_ip,
  coalesce(h.hand, 'inner ' || c.source, 'tac ' || CAST(c.tac AS STRING)) AS hand,
  c.first_at AS first_at, c.last_at AS last_at, c.subscribers AS subscribers, c.events AS events,
  c.openings AS openings, c.identified AS identified, c.attaches AS attaches, c.rejects AS rejects,
  c.events - c.unknown_ciphering AS ciphered, c.null_ciphering AS unciphered, c.unprotected_ims AS unprotected
FROM cell_day c
LEFT JOIN cell_kind k ON k.plmn = c.plmn AND k.cell = c.cell
LEFT JOIN holding h ON h.cell = c.cell AND h.source = c.source AND c.last_at >= h.from_at AND c.last_at < h.until_at

-- @table overlap
-- Two addresses that used one home cell at the same time of the same day: at least ten minutes together, two events each.
SELECT DISTINCT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, date_trunc('day', a.first_at) AS day_at,
  a.source AS source, b.source AS other_source, a.hand AS hand, b.hand AS other_hand,
  greatest(a.first_at, b.first_at) AS from_at, least(a.last_at, b.last_at) AS to_at,
  CASE WHEN a.hand = b.hand THEN 1 ELSE 0 END AS same_serial
FROM place_day a
JOIN place_day b ON b.plmn = a.plmn AND b.rat = a.rat AND b.cell_type = a.cell_type AND b.cell = a.cell
  AND b.source <> a.source AND coalesce(b.source_ip, b.source) <> coalesce(a.source_ip, a.source)
  AND date_trunc('day', b.first_at) = date_trunc('day', a.first_at)
  AND b.first_at + INTERVAL '10' MINUTE <= a.last_at AND a.first_at + INTERVAL '10' MINUTE <= b.last_at
WHERE a.cell_type = 'home' AND a.events >= 2 AND b.events >= 2

-- @table split_hand
-- A serial that was in two places at once is two pieces of hardware: its address tells them apart.
-- Under one id, or under two: whoever copies a serial must not make its owner a part of the unit.
SELECT DISTINCT o.plmn AS plmn, o.rat AS rat, o.cell_type AS cell_type, o.cell AS cell, o.hand AS hand
FROM overlap o
WHERE o.same_serial = 1
UNION
SELECT DISTINCT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.hand AS hand
FROM place_day a
JOIN place_day b ON b.hand = a.hand AND b.cell <> a.cell AND b.source_ip <> a.source_ip AND date_trunc('day', b.first_at) = date_trunc('day', a.first_at)
  AND b.first_at + INTERVAL '10' MINUTE <= a.last_at AND a.first_at + INTERVAL '10' MINUTE <= b.last_at
WHERE a.events >= 2 AND b.events >= 2

-- @table presence
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, p.tac AS tac, p.source_ip AS source_ip,
  CASE WHEN s.hand IS NULL THEN p.hand ELSE p.hand || ' at ' || coalesce(p.source_ip, p.source) END AS hand,
  p.hand AS serial_hand, p.first_at AS first_at, p.last_at AS last_at, p.subscribers AS subscribers, p.events AS events,
  p.openings AS openings, p.identified AS identified, p.attaches AS attaches, p.rejects AS rejects,
  p.ciphered AS ciphered, p.unciphered AS unciphered, p.unprotected AS unprotected
FROM place_day p
LEFT JOIN split_hand s ON s.plmn = p.plmn AND s.rat = p.rat AND s.cell_type = p.cell_type AND s.cell = p.cell AND s.hand = p.hand
JOIN own_plmn o ON o.plmn = p.plmn

-- @table registered
-- What the registry knew of a presence by its last row that day: of the versions that hold, the one recorded last.
SELECT r.plmn AS plmn, r.rat AS rat, r.cell_type AS cell_type, r.cell AS cell, r.hand AS hand, r.source AS source,
  r.first_at AS first_at, r.last_at AS last_at, r.equipment_id AS equipment_id, r.kind AS kind, r.status AS status,
  r.valid_from AS valid_from, r.recorded_at AS recorded_at, r.serial AS serial, r.certificate AS certificate, r.registered_tac AS registered_tac,
  r.access_line AS access_line, r.source_networks AS source_networks, r.lat AS lat, r.lon AS lon
FROM (
  SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, p.source AS source,
    p.first_at AS first_at, p.last_at AS last_at, v.equipment_id AS equipment_id, v.kind AS kind, v.status AS status,
    v.valid_from AS valid_from, v.recorded_at AS recorded_at, v.serial AS serial, v.certificate AS certificate, v.tac AS registered_tac,
    v.access_line AS access_line, v.source_networks AS source_networks, v.lat AS lat, v.lon AS lon,
    row_number() OVER (PARTITION BY p.plmn, p.rat, p.cell_type, p.cell, p.source, p.hand, p.first_at
      ORDER BY v.recorded_at DESC, v.valid_from DESC, v.status, v.equipment_id, v.serial NULLS FIRST, v.tac NULLS FIRST) AS rank
  FROM presence p
  LEFT JOIN equipment_version v ON v.plmn = p.plmn AND v.cell_type = p.cell_type AND v.cell = p.cell
    AND v.recorded_at <= p.last_at AND v.valid_from <= p.last_at AND (v.valid_to IS NULL OR v.valid_to > p.last_at)
) r
WHERE r.rank = 1

-- @table placed
-- Where the registry's fixed large cells stand.
SELECT v.plmn AS plmn, v.cell_type AS cell_type, v.cell AS cell, max(v.lat) AS lat, max(v.lon) AS lon
FROM equipment_version v
WHERE v.lat IS NOT NULL AND v.lon IS NOT NULL AND v.kind <> 'mobile' AND v.cell_type IN ('macro', 'gnb', 'short_macro', 'long_macro')
GROUP BY v.plmn, v.cell_type, v.cell

-- @table told_place
-- How access rows name a place: the large tables of a day carry its number instead of five columns of text. Numbers sort as cell and source do.
SELECT t.plmn AS plmn, t.rat AS rat, t.told_type AS told_type, t.cell AS cell, t.told_source AS told_source, t.tac AS tac, t.cell_type AS cell_type, t.source AS source,
  CAST(dense_rank() OVER (ORDER BY t.cell, t.source, t.plmn, t.rat, t.cell_type) AS INT) AS place
FROM (
  SELECT DISTINCT c.plmn AS plmn, c.rat AS rat, coalesce(c.cell_type, '') AS told_type, c.cell AS cell, coalesce(c.source, '') AS told_source, c.tac AS tac,
    coalesce(c.cell_type, k.cell_type, '') AS cell_type, coalesce(c.source, 'tac ' || CAST(c.tac AS STRING)) AS source
  FROM cell_day c
  LEFT JOIN cell_kind k ON k.plmn = c.plmn AND k.cell = c.cell
) t

-- @table place
-- A cell behind one address. Large cells that the registry places are landmarks; visitors of the others show where those are.
SELECT s.place AS place, s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.source AS source, max(p.lat) AS lat, max(p.lon) AS lon,
  CAST(round(max(p.lat) * 1e5) AS BIGINT) AS lat_steps, CAST(round(max(p.lon) * 1e5) AS BIGINT) AS lon_steps,
  max(CASE WHEN s.cell_type = 'home' OR q.cell IS NULL THEN 1 ELSE 0 END) AS is_sought
FROM told_place s
LEFT JOIN placed p ON p.plmn = s.plmn AND p.cell_type = s.cell_type AND p.cell = s.cell
LEFT JOIN (SELECT DISTINCT x.plmn AS plmn, x.cell AS cell FROM placed x) q ON q.plmn = s.plmn AND q.cell = s.cell
GROUP BY s.place, s.plmn, s.rat, s.cell_type, s.cell, s.source
