"""Services to talk to: one per file for questions that leave nothing behind, or one of its own."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from conversation import conversation

EXAMPLES = Path(__file__).parents[2] / "openapi" / "examples"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A service for the questions of a whole file."""
    with conversation(tmp_path_factory.mktemp("service")) as client:
        yield client


@pytest.fixture
def open_service(tmp_path):
    """A function that starts a service on a fresh database; it takes settings."""
    with ExitStack() as services:
        yield lambda **settings: services.enter_context(conversation(tmp_path, **settings))


@pytest.fixture(scope="session")
def sheet() -> dict:
    """The sheet's network and input, as `/forward` takes them."""
    return json.loads((EXAMPLES / "forward.the-sheet.request.json").read_text())
