-- The registry rows that carry a mark, each with all of its marks. Reads audited_row of registry_audit.sql.
SELECT r.plmn AS plmn, r.cell_type AS cell_type, r.cell AS cell, r.equipment_id AS equipment_id, r.kind AS kind, r.status AS status,
  r.valid_from AS valid_from, r.recorded_at AS recorded_at, r.recorded_by AS recorded_by, CAST(r.no_order AS BIGINT) AS no_order,
  CAST(r.backdated AS BIGINT) AS backdated, CAST(r.never_seen AS BIGINT) AS never_seen, CAST(r.revived AS BIGINT) AS revived,
  CAST(r.off_hours AS BIGINT) AS off_hours, CAST(r.nowhere AS BIGINT) AS nowhere
FROM audited_row r
WHERE r.no_order + r.backdated + r.never_seen + r.revived + r.off_hours + r.nowhere > 0
ORDER BY r.recorded_at, r.plmn, r.cell_type, r.cell, r.equipment_id, r.valid_from, r.status, r.recorded_by
