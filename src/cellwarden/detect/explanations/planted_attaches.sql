-- Cells of the public at which a few phones attach over and over again. After few_phones.sql.

-- @result
SELECT f.plmn AS plmn, f.rat AS rat, f.cell_type AS cell_type, f.cell AS cell, f.hand AS hand, f.from_at AS from_at, f.to_at AS to_at,
  f.testers AS testers, f.by_testers AS by_testers, f.identified AS identified, f.others AS others
FROM few_phones f
WHERE f.others >= :public
