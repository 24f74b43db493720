import pytest

from cellwarden.linkage.factors import OPEN_QUESTION, PERSONAL, factors


@pytest.mark.parametrize(
    ("channel", "kind", "needed", "given", "lacking"),
    [
        ("ars", "through", "call", "yes", ()),
        ("sms", "through", "sms", "yes", ()),
        ("ars", "ordinary", "call", "yes", ()),
        ("ars", "unseen", "call", "possible", ()),
        ("ars", "elsewhere", "call", "no", ("possession",)),
        ("sms", "late", "sms", "no", ("possession",)),
        ("app", "near", "none", "no", ("app_device",)),
        ("pin", "near", "none", "no", ("pin",)),
        ("dcb", "near", "none", "no", ()),
    ],
)
def test_an_exposure_gives_possession_and_nothing_that_one_knows(channel, kind, needed, given, lacking):
    told = factors(channel, kind)
    assert (told.needed, told.given, told.not_given) == (needed, given, (*lacking, *PERSONAL))


def test_the_open_question_is_asked_in_both_languages():
    assert set(OPEN_QUESTION) == {"en", "ko"}
