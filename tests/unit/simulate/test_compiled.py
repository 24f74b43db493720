import numba
import pytest

from cellwarden.simulate.compiled import _digest, compiled


@compiled
def twice(number):
    return 2 * number


def test_compiled_code_does_what_the_source_says():
    assert twice(21) == twice.py_func(21) == 42


def test_kept_code_is_named_after_all_compiled_sources():
    assert numba.config.CACHE_DIR.endswith(_digest())


def test_an_error_comes_through():
    @compiled
    def refuse(number):
        if number > 1:
            raise ValueError
        return number

    with pytest.raises(ValueError, match=r"^$"):
        refuse(2)
