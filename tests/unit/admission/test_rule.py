import pytest

from cellwarden.admission.rule import Reason


def test_a_reason_cannot_be_changed_once_it_is_given():
    with pytest.raises(AttributeError):
        Reason("CERT_SHARED", 1).code = "OTHER"
