-- One row a (subscriber, accused cell, episode), with what its rows show. Reads accused (handed in), unit_access (spell.sql), usage.

-- @table accused_access
SELECT a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.unit AS unit, c.from_at AS episode_from, c.to_at AS episode_to,
  a.source AS source, a.at AS at, a.imsi AS imsi, a.procedure AS procedure, a.identity AS identity, a.ciphering AS ciphering, a.ims_protection AS ims_protection
FROM unit_access a
JOIN accused c ON c.plmn = a.plmn AND c.rat = a.rat AND c.cell_type = a.cell_type AND c.cell = a.cell AND c.unit = a.unit AND a.at >= c.from_at AND a.at <= c.to_at

-- @table person
SELECT a.imsi AS imsi, a.plmn AS plmn, a.rat AS rat, a.cell_type AS cell_type, a.cell AS cell, a.unit AS unit, a.episode_from AS episode_from, a.episode_to AS episode_to,
  min(a.at) AS from_at, max(a.at) AS to_at, CAST(count(*) AS BIGINT) AS events,
  CAST(sum(CASE WHEN a.identity IN ('imsi', 'suci_null') THEN 1 ELSE 0 END) AS BIGINT) AS identified,
  CAST(sum(CASE WHEN a.identity = 'unknown' THEN 1 ELSE 0 END) AS BIGINT) AS unknown_identity,
  CAST(sum(CASE WHEN a.identity = 'imei' THEN 1 ELSE 0 END) AS BIGINT) AS imei_shown,
  CAST(sum(CASE WHEN a.ciphering = 0 THEN 1 ELSE 0 END) AS BIGINT) AS null_ciphering,
  CAST(sum(CASE WHEN a.procedure = 'ims_register' AND a.ims_protection IN ('none', 'integrity_only') THEN 1 ELSE 0 END) AS BIGINT) AS unprotected_ims,
  CAST(sum(CASE WHEN a.procedure = 'ims_register' AND a.ims_protection = 'encrypted' THEN 1 ELSE 0 END) AS BIGINT) AS encrypted_ims,
  CAST(sum(CASE WHEN a.procedure IN ('attach', 'tau', 'service_request') AND a.ciphering IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unknown_ciphering,
  CAST(sum(CASE WHEN a.procedure = 'ims_register' AND a.ims_protection IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unknown_ims
FROM accused_access a
WHERE a.imsi IS NOT NULL
GROUP BY a.imsi, a.plmn, a.rat, a.cell_type, a.cell, a.unit, a.episode_from, a.episode_to

-- @table call
-- Voice and SMS served by the accused cell within the episode. Where usage names no address, it belongs to the place where the
-- subscriber's access rows are: the join with person says that.
SELECT p.imsi AS imsi, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.unit AS unit, p.episode_from AS episode_from, u.at AS at
FROM person p
JOIN usage u ON u.imsi = p.imsi AND u.cell = p.cell AND u.rat = p.rat AND coalesce(u.plmn, p.plmn) = p.plmn AND coalesce(u.cell_type, p.cell_type) = p.cell_type
  AND u.at >= p.episode_from AND u.at <= p.episode_to AND u.at <= :until AND u.service IN ('voice_mo', 'voice_mt', 'sms_mo', 'sms_mt')
LEFT JOIN (SELECT DISTINCT a.unit AS unit, a.cell AS cell, a.source AS source FROM accused_access a) s ON s.unit = p.unit AND s.cell = p.cell AND s.source = u.source
WHERE u.source IS NULL OR s.source IS NOT NULL

-- @table protection
-- The latest that was known of protection when a call was served.
SELECT r.imsi AS imsi, r.cell AS cell, r.unit AS unit, r.episode_from AS episode_from, r.is_absent AS is_absent
FROM (
  SELECT c.imsi AS imsi, c.plmn AS plmn, c.rat AS rat, c.cell_type AS cell_type, c.cell AS cell, c.unit AS unit, c.episode_from AS episode_from, c.at AS at,
    CASE WHEN a.ciphering = 0 OR a.ims_protection IN ('none', 'integrity_only') THEN 1 ELSE 0 END AS is_absent,
    row_number() OVER (PARTITION BY c.imsi, c.plmn, c.rat, c.cell_type, c.cell, c.unit, c.episode_from, c.at ORDER BY a.at DESC, CASE WHEN a.ciphering = 0 OR a.ims_protection IN ('none', 'integrity_only') THEN 0 ELSE 1 END) AS rank
  FROM call c
  JOIN accused_access a ON a.imsi = c.imsi AND a.plmn = c.plmn AND a.rat = c.rat AND a.cell_type = c.cell_type AND a.cell = c.cell AND a.unit = c.unit
    AND a.episode_from = c.episode_from AND a.at <= c.at AND (a.ciphering IS NOT NULL OR a.ims_protection IS NOT NULL)
) r
WHERE r.rank = 1

-- @table served
SELECT c.imsi AS imsi, c.cell AS cell, c.unit AS unit, c.episode_from AS episode_from, CAST(count(*) AS BIGINT) AS calls
FROM call c
GROUP BY c.imsi, c.cell, c.unit, c.episode_from

-- @table unprotected
SELECT p.imsi AS imsi, p.cell AS cell, p.unit AS unit, p.episode_from AS episode_from, CAST(max(p.is_absent) AS BIGINT) AS is_absent
FROM protection p
GROUP BY p.imsi, p.cell, p.unit, p.episode_from

-- @result
SELECT p.imsi AS imsi, p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.unit AS unit, p.episode_from AS episode_from, p.from_at AS from_at, p.to_at AS to_at,
  p.events AS events, p.identified AS identified, p.unknown_identity AS unknown_identity, p.imei_shown AS imei_shown, p.null_ciphering AS null_ciphering,
  p.unprotected_ims AS unprotected_ims, p.encrypted_ims AS encrypted_ims, p.unknown_ciphering AS unknown_ciphering, p.unknown_ims AS unknown_ims,
  coalesce(s.calls, 0) AS calls, coalesce(u.is_absent, 0) AS served_unprotected
FROM person p
LEFT JOIN served s ON s.imsi = p.imsi AND s.cell = p.cell AND s.unit = p.unit AND s.episode_from = p.episode_from
LEFT JOIN unprotected u ON u.imsi = p.imsi AND u.cell = p.cell AND u.unit = p.unit AND u.episode_from = p.episode_from
ORDER BY imsi, plmn, rat, cell_type, cell, episode_from, unit
