-- Stays of cells with more than one.
-- @result
SELECT h.plmn AS plmn, h.rat AS rat, h.cell_type AS cell_type, h.cell AS cell, h.device AS device, h.hand AS hand, h.turn AS turn, h.sign AS sign,
  h.from_at - INTERVAL '1' DAY AS from_at, h.to_at AS to_at, h.stay_days AS stay_days, h.core AS core, h.familiar AS familiar, h.stranger_days AS stranger_days, h.other_serial AS other_serial
FROM household h
