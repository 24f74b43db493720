-- Victims against exposed people without a linked payment, by attribute and value. Reads exposed,
-- linked_payment, exposed_hour and payer (handed in), subscribers. A person whom the subscriber list does not name still counts by hour and habit.

-- @table exposed_person
SELECT DISTINCT e.imsi AS imsi FROM exposed e

-- @table victim_person
SELECT DISTINCT p.imsi AS imsi FROM linked_payment p WHERE p.probability >= 0.5e0

-- @table described
SELECT x.imsi AS imsi, CASE WHEN v.imsi IS NULL THEN 0 ELSE 1 END AS is_victim, s.controller AS controller, CAST(s.birth_decade AS STRING) AS birth_decade,
  s.sex AS sex, s.district AS district, s.language AS language, s.device_class AS device_class
FROM exposed_person x
LEFT JOIN subscribers s ON s.imsi = x.imsi
LEFT JOIN victim_person v ON v.imsi = x.imsi

-- @table attribute_value
SELECT 'controller' AS attribute, d.controller AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'birth_decade' AS attribute, d.birth_decade AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'sex' AS attribute, d.sex AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'district' AS attribute, d.district AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'language' AS attribute, d.language AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'device_class' AS attribute, d.device_class AS value, d.is_victim AS is_victim FROM described d
UNION ALL SELECT 'first_touch_hours' AS attribute, h.hours AS value, d.is_victim AS is_victim FROM described d JOIN exposed_hour h ON h.imsi = d.imsi
UNION ALL SELECT 'usual_channel' AS attribute, r.channel AS value, d.is_victim AS is_victim FROM described d JOIN payer r ON r.imsi = d.imsi
UNION ALL SELECT 'pays_with_a_secret' AS attribute, r.secret AS value, d.is_victim AS is_victim FROM described d JOIN payer r ON r.imsi = d.imsi

-- @result
SELECT a.attribute AS attribute, a.value AS value, CAST(sum(a.is_victim) AS BIGINT) AS victims, CAST(sum(1 - a.is_victim) AS BIGINT) AS others
FROM attribute_value a
WHERE a.value IS NOT NULL
GROUP BY a.attribute, a.value
ORDER BY attribute, value
