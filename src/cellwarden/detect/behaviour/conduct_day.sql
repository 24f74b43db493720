-- Cell-days with the hand behind them: what the detectors of conduct have in common. Reads conduct_all.

-- @table conduct_day
SELECT p.plmn AS plmn, p.rat AS rat, p.cell_type AS cell_type, p.cell AS cell, p.hand AS hand, c.day_at AS day_at, min(p.first_at) AS from_at, max(p.last_at) AS to_at,
  CAST(sum(c.subscribers) AS BIGINT) AS subscribers, CAST(sum(c.openings) AS BIGINT) AS openings, CAST(sum(c.exposing) AS BIGINT) AS exposing, CAST(sum(c.forced) AS BIGINT) AS forced,
  CAST(sum(c.chained) AS BIGINT) AS chained, CAST(sum(c.responses) AS BIGINT) AS responses, CAST(sum(c.unasked) AS BIGINT) AS unasked, CAST(sum(c.ciphered) AS BIGINT) AS ciphered,
  CAST(sum(c.unciphered) AS BIGINT) AS unciphered, CAST(sum(c.registrations) AS BIGINT) AS registrations, CAST(sum(c.unprotected) AS BIGINT) AS unprotected
FROM conduct_all c
JOIN presence p ON p.plmn = c.plmn AND p.rat = c.rat AND p.cell_type = c.cell_type AND p.cell = c.cell AND p.source = c.source AND p.tac = c.tac AND date_trunc('day', p.first_at) = c.day_at
GROUP BY p.plmn, p.rat, p.cell_type, p.cell, p.hand, c.day_at
