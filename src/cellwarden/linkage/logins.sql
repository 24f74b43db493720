-- What befell other accounts of exposed people between the first touch and a day after the last. Reads exposed, shift, logins.
-- @result
SELECT DISTINCT s.days AS days, l.at AS at, l.service AS service, l.event AS event, e.imsi AS imsi, e.cell AS cell, e.unit AS unit
FROM logins l
JOIN exposed e ON e.imsi = l.imsi
JOIN shift s ON l.at >= e.from_at + s.days * INTERVAL '1' DAY AND l.at <= e.to_at + s.days * INTERVAL '1' DAY + INTERVAL '24' HOUR
