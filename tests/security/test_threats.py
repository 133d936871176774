"""The threat model names tests that exist; threats without a test of their own are tried here."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from tests.service.conversation import conversation
from tests.service.questions import RIGHT

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "SECURITY.md").read_text()
ROWS = [line for line in DOCUMENT.splitlines() if line.startswith("| **API")]
TESTS = re.compile(r"`(tests/[\w/]+(?:\.py)?|test_\w+\.py)")


def files_of(row):
    """A name without a folder is in that of the one before."""
    folder = ROOT
    for name in TESTS.findall(row):
        path = ROOT / name if name.startswith("tests/") else folder / name
        folder = path.parent
        yield path


def test_each_of_the_ten_threats_has_a_row():
    assert [re.match(r"\| \*\*API(\d+)", row)[1] for row in ROWS] == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("row", ROWS, ids=range(1, 11))
def test_each_threat_has_a_test_that_there_is(row):
    files = list(files_of(row))
    assert files
    assert [str(path) for path in files if not path.exists()] == []


def test_every_test_that_is_named_is_there():
    paragraphs = re.split(r"\n(?=[*|\n])", DOCUMENT)
    assert [str(path) for text in paragraphs for path in files_of(text) if not path.exists()] == []


CONNECTED = []


def _hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        CONNECTED.append((event, arguments))


def test_no_question_makes_the_service_open_a_connection(tmp_path):
    sys.addaudithook(_hear)
    with conversation(tmp_path) as client:
        CONNECTED.clear()
        for path, question in RIGHT.items():
            assert client.post(path, json=question).status_code in (200, 202)
        accepted = client.post("/train", json=RIGHT["/train"])
        client.ended(accepted.headers["location"])
        assert CONNECTED == []
        with pytest.raises(OSError, match=r"."):
            client._portal.call(_connect)
        assert CONNECTED != []  # what is opened would be heard


async def _connect():
    await asyncio.open_connection("127.0.0.1", 1)
