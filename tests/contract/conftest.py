"""Generated requests are sent without an API key."""

import pytest

from tests.contract.application import FOLDER


@pytest.fixture(scope="session", autouse=True)
def _leave_nothing_behind():
    yield
    FOLDER.cleanup()
