-- Cells with their strangers by hour of the day.
-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.hand AS hand, h.from_at AS from_at, h.to_at AS to_at, h.served_days AS served_days,
  h.busy_days AS busy_days, h.openings AS openings, h.identified AS identified, h.usual_openings AS usual_openings, h.usual_identified AS usual_identified,
  h.hour_of_day AS hour_of_day, h.visits AS visits, h.visit_days AS visit_days
FROM habit_hour h
