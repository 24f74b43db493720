def test_complaints_are_in_both_languages_and_some_name_no_payment(made):
    texts = [row["text"] for row in made.rows("complaints")]
    assert any(text.isascii() for text in texts)
    assert any(not text.isascii() for text in texts)
    assert any(row["payment_id"] is None for row in made.rows("complaints"))


def test_only_some_victims_complain(made):
    victims = {row["imsi"] for row in made.truth("fraud_payments")}
    told = {row["imsi"] for row in made.rows("complaints")} & victims
    assert 0 < len(told) < len(victims)


def test_victims_are_logged_out_before_the_theft_and_so_are_others(made):
    victims = {row["imsi"] for row in made.truth("fraud_payments")}
    out = {row["imsi"] for row in made.rows("logins") if row["event"] == "logged_out"}
    assert out & victims
    assert out - victims


def test_the_police_tell_of_one_night(made):
    (tip,) = made.rows("tips")
    assert tip["victims"] >= 1
    assert tip["from_at"] < tip["to_at"] < tip["at"]
