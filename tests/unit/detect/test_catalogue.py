from pathlib import Path

import cellwarden.detect
from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS


def test_every_card_of_the_package_is_in_the_catalogue_once():
    folder = Path(cellwarden.detect.__file__).parent
    cards = {
        path.stem
        for path in folder.rglob("*.py")
        if any(f"\n{word} = " in path.read_text() for word in ("DETECTOR", "EXPLANATION"))
    }
    names = [each.name for each in (*DETECTORS, *EXPLANATIONS)]
    assert sorted(names) == sorted(cards)
