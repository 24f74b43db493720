import itertools
from collections import defaultdict


def test_rogue_rows_fall_within_the_tunnels(made):
    spans = {
        (row["cell"], row["source"][0]): (row["from_at"], row["to_at"]) for row in made.truth("cells") if row["kind"] == "rogue"
    }
    for row in made.rogue_rows():
        first, last = spans[row["cell"], row["source"]]
        assert first <= row["at"] <= last


def test_a_refused_update_is_followed_by_an_attach_by_imsi(made):
    by_person = defaultdict(list)
    for row in made.rogue_rows():
        by_person[row["imsi"], row["cell"]].append(row)
    chains = [
        after["procedure"] == "attach" and after["identity"] == "imsi"
        for rows in by_person.values()
        for before, after in itertools.pairwise(rows)
        if before["result"] == "reject" and before["imsi"]
    ]
    assert len(chains) > 10
    assert sum(chains) / len(chains) > 0.9


def test_some_registrations_are_unprotected_and_some_rows_unciphered(made):
    rows = made.rogue_rows()
    assert {"none", "integrity_only", "encrypted"} <= {row["ims_protection"] for row in rows}
    assert {0, 2} <= {row["ciphering"] for row in rows}
    assert {"imsi", "imei", "guti", "unknown", "none"} == {row["identity"] for row in rows}


def test_nobody_is_at_another_cell_while_captured(made):
    rogue = {(row["imsi"], row["at"]) for row in made.rogue_rows()}
    mine = defaultdict(list)
    for row in made.rows("access"):
        mine[row["imsi"]].append((row["at"], (row["imsi"], row["at"]) in rogue))
    strays = sum(
        before and not at_rogue and after and (last - first).seconds < 300
        for imsi, rows in mine.items()
        if imsi is not None
        for (first, before), (_, at_rogue), (last, after) in zip(rows, rows[1:], rows[2:], strict=False)
    )
    assert strays <= 3
