"""A disk that is full."""

import pytest


class Full:
    """Takes the first octets of what is written."""

    def __init__(self, file):
        self.file = file

    def fileno(self):
        return self.file.fileno()

    def write(self, content):
        return self.file.write(content[:7])


@pytest.fixture
def full():
    return Full
