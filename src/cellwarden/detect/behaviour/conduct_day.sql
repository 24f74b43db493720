-- Cell-days with the hand behind them: what the detectors of conduct have in common. Reads conduct_all.

-- @table seen_day
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.source AS source, p.tac AS tac, p.hand AS hand, date_trunc('day', p.first_at) AS day_at,
  min(p.first_at) AS from_at, max(p.last_at) AS to_at, CAST(sum(p.subscribers) AS BIGINT) AS subscribers, CAST(sum(p.openings) AS BIGINT) AS openings,
  CAST(sum(p.ciphered) AS BIGINT) AS ciphered, CAST(sum(p.unciphered) AS BIGINT) AS unciphered, CAST(sum(p.unprotected) AS BIGINT) AS unprotected
FROM presence p
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.source, p.tac, p.hand, date_trunc('day', p.first_at)

-- @table conduct_day
SELECT s.plmn AS plmn, s.rat AS rat, s.cell_type AS cell_type, s.cell AS cell, s.hand AS hand, s.day_at AS day_at, min(s.from_at) AS from_at, max(s.to_at) AS to_at,
  CAST(sum(s.subscribers) AS BIGINT) AS subscribers, CAST(sum(s.openings) AS BIGINT) AS openings, CAST(sum(coalesce(c.exposing, 0)) AS BIGINT) AS exposing,
  CAST(sum(coalesce(c.forced, 0)) AS BIGINT) AS forced, CAST(sum(coalesce(c.chained, 0)) AS BIGINT) AS chained, CAST(sum(coalesce(c.responses, 0)) AS BIGINT) AS responses,
  CAST(sum(coalesce(c.unasked, 0)) AS BIGINT) AS unasked, CAST(sum(s.ciphered) AS BIGINT) AS ciphered, CAST(sum(s.unciphered) AS BIGINT) AS unciphered,
  CAST(sum(coalesce(c.registrations, 0)) AS BIGINT) AS registrations, CAST(sum(s.unprotected) AS BIGINT) AS unprotected
FROM seen_day s
LEFT JOIN conduct_all c ON c.plmn = s.plmn AND c.rat = s.rat AND c.cell_type = s.cell_type AND c.cell = s.cell AND c.source = s.source AND c.tac = s.tac AND c.day_at = s.day_at
GROUP BY s.plmn, s.rat, s.cell_type, s.cell, s.hand, s.day_at
