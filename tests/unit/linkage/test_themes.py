import doctest

import pytest
from made_up_records import at, complaint

from cellwarden.linkage import themes
from cellwarden.linkage.themes import THEFT, complaint_rows, lexicon, themes_of
from cellwarden.simulate.voices import CHARGED, OTHER, ROBBED


def test_its_examples_hold():
    assert doctest.testmod(themes).failed == 0


@pytest.mark.parametrize("text", ROBBED)
def test_whoever_was_robbed_is_understood_in_both_languages(text):
    spoken = text.format(shop="giftcards.example", amount="300,000", count=2)
    assert set(themes_of(spoken)) & set(THEFT)


@pytest.mark.parametrize("text", [text for text in CHARGED if "기억" not in text] + [text for _, text in OTHER])
def test_other_complaints_are_not_taken_for_theft(text):
    assert not set(themes_of(text.format(shop="mall.example", amount="12,000"))) & set(THEFT)


@pytest.mark.parametrize(
    ("korean", "english", "theme"),
    [
        ("메신저가 갑자기 로그아웃됐어요", "My messenger signed me out during the night.", "messenger_logout"),
        ("택배 문자 링크를 눌렀는데 괜찮나요", "I tapped a link in a parcel message", "smishing"),
        ("집에서 신호가 자주 끊깁니다", "Mobile data is very slow", "signal"),
        ("환불 부탁드립니다", "can this be refunded?", "refund"),
        ("뉴스를 보고 불안해서", "Saw the news", "worry"),
    ],
)
def test_a_theme_is_one_theme_in_both_languages(korean, english, theme):
    assert theme in themes_of(korean)
    assert theme in themes_of(english)


def test_every_theme_has_words_of_both_languages():
    for theme, (makes, _) in lexicon().items():
        assert any("가" <= letter <= "힣" for letter in makes.pattern), theme
        assert any("a" <= letter <= "z" for letter in makes.pattern), theme


def test_unknown_words_have_no_theme():
    assert themes_of("") == themes_of("요금제를 바꾸고 싶습니다") == ()


def test_complaints_come_in_order_of_receipt_with_their_themes(room):
    room.fill(complaints=[complaint("B", at("02 10:00")), complaint("A", at("03 10:00"), text="신호가 끊겨요")])
    assert [(row["complaint_id"], row["themes"]) for row in complaint_rows(room.engine)] == [
        ("B", ("unauthorised_payment",)),
        ("A", ("signal",)),
    ]
