from cellwarden.records.vocabulary import SERVICES


def test_every_service_occurs(made):
    assert {row["service"] for row in made.rows("usage")} == set(SERVICES)


def test_peers_are_fictional_numbers_or_labels(made):
    peers = {row["peer"] for row in made.rows("usage")} - {None}
    assert all(peer.startswith(("ars:", "otp:")) or (peer.startswith("821000") and len(peer) == 12) for peer in peers)


def test_ordinary_messages_have_other_purposes_too(made):
    assert {"otp:signup", "otp:bank", "ars:signup"} <= {row["peer"] for row in made.rows("usage")}
