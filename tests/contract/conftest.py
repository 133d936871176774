"""The jobs of generated requests are nobody's."""

import pytest

from tests.contract.application import FOLDER


@pytest.fixture(scope="session", autouse=True)
def _leave_nothing_behind():
    yield
    FOLDER.cleanup()
