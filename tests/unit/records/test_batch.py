"""What every reader yields, so that the counts reconcile."""

from cellwarden.records.batch import Batch
from cellwarden.records.rejected import Rejected
from cellwarden.records.tables import TABLES

TABLE = TABLES["subscribers"]


def test_read_is_accepted_and_rejected_and_nothing_else():
    accepted = TABLE.clear_schema.empty_table()
    assert Batch(TABLE, accepted, []).read == 0
    assert Batch(TABLE, accepted, [Rejected("a", 1, "r", "")] * 3, {"short_imsi": 2}).read == 3
