from cellwarden.incident.typesetting import pdf


def test_the_same_content_is_the_same_file_and_other_content_is_not():
    content = {"title": "t", "lead": "l", "company": "c", "reference": "r", "language": "en", "on": "2026-11-20", "day": [2026, 11, 20], "sections": [], "words": {"reference": "Reference", "columns": ["a", "b", "c"]}}  # fmt: skip
    first = pdf("notice.typ", "notice", content)
    assert first.startswith(b"%PDF-1.7")
    assert pdf("notice.typ", "notice", content) == first
    assert pdf("notice.typ", "notice", {**content, "day": [2026, 11, 21]}) != first


def test_content_is_never_markup():
    content = {"title": "#panic()", "lead": "*a* $b$ #c", "company": "c", "reference": "r", "language": "en", "on": "2026-11-20", "day": [2026, 11, 20], "sections": [], "words": {"reference": "Reference", "columns": []}}  # fmt: skip
    assert pdf("notice.typ", "notice", content).startswith(b"%PDF-1.7")
