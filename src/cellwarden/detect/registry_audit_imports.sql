-- Imports, each with the marks that most of its rows carry and that are therefore held against none of them. Reads import_habit of registry_audit.sql.
SELECT h.recorded_by AS recorded_by, h.import_at AS import_at, h.row_count AS row_count, CAST(h.no_order AS BIGINT) AS no_order,
  CAST(h.backdated AS BIGINT) AS backdated, CAST(h.never_seen AS BIGINT) AS never_seen, CAST(h.revived AS BIGINT) AS revived,
  CAST(h.off_hours AS BIGINT) AS off_hours, CAST(h.nowhere AS BIGINT) AS nowhere
FROM import_habit h
ORDER BY h.import_at, h.recorded_by
