"""What a test can't do without: where it is missing the test is skipped, and fails where it was asked for."""

import os
from typing import NoReturn

import pytest


def missing(reason: str, asked_for: str) -> NoReturn:
    """End the test; `asked_for` is the variable that, when it is 1, makes that a failure."""
    if os.environ.get(asked_for) == "1":
        pytest.fail(reason)
    pytest.skip(reason)
