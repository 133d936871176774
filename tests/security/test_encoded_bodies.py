"""A body may come as gzip or deflate; what counts is its size before that."""

import gzip
import json
import zlib

import pytest

from tests.service.conversation import conversation

QUESTION = {
    "network": {"layers": [{"weights": [[1, 2]], "biases": [3], "activation": "identity"}]},
    "x": [[4, 5]] * 3000,
}
JSON = json.dumps(QUESTION).encode()
MOST = 2**20

CODED = {
    "gzip": gzip.compress(JSON),
    "x-gzip": gzip.compress(JSON),
    "GZIP": gzip.compress(JSON),
    "deflate": zlib.compress(JSON),
    "identity": JSON,
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    with conversation(folder, max_body_bytes=MOST, max_total_body_bytes=MOST) as client:
        yield client


def ask(client, content, coding):
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    return client.post("/forward", content=content, headers=headers)


def in_pieces(content, size):
    async def pieces():
        for start in range(0, len(content), size):
            yield content[start : start + size]

    return pieces()


def refused(answer, status, words):
    assert answer.status_code == status
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("size", [1, 1000, 10**6])
def test_a_coded_body_says_what_it_says_however_it_arrives(client, coding, size):
    answer = ask(client, in_pieces(CODED[coding], size), coding)
    assert answer.json()["output"] == [[17.0]] * 3000  # 1 · 4 + 2 · 5 + 3


def test_several_members_are_one_body(client):
    members = b"".join(gzip.compress(JSON[i : i + 999]) for i in range(0, len(JSON), 999))
    assert ask(client, members, "gzip").json()["output"] == [[17.0]] * 3000
    assert ask(client, in_pieces(members, 7), "gzip").json()["output"] == [[17.0]] * 3000


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("length", [1, 5, 20, -9, -1])
def test_a_body_that_ends_early_is_refused(client, coding, length):
    refused(ask(client, CODED[coding][:length], coding), 400, "ends before")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize(
    "content", [JSON, b"\x00" * 50, CODED["gzip"] + b"x", CODED["deflate"] + b"x"], ids=range(4)
)
def test_what_is_not_coded_so_is_refused(client, coding, content):
    refused(ask(client, content, coding), 400, coding)


def test_a_bit_gone_wrong_on_the_way_is_noticed(client):
    for place in range(12, len(CODED["gzip"]), 97):
        damaged = bytearray(CODED["gzip"])
        damaged[place] ^= 16
        assert ask(client, bytes(damaged), "gzip").status_code == 400


def test_an_empty_coded_body_is_missing(client):
    refused(ask(client, b"", "gzip"), 422, "missing")
    refused(ask(client, gzip.compress(b""), "gzip"), 422, "missing")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_does_not_go_off(client, coding):
    """A tenth of a megabyte that would be a hundred: a thousand to one is all deflate can do."""
    bomb = (gzip if coding == "gzip" else zlib).compress(bytes(10**8), 9)
    assert len(bomb) < 1.2e5
    refused(ask(client, bomb, coding), 413, f"{MOST:,}")
    refused(ask(client, in_pieces(bomb, 1000), coding), 413, f"{MOST:,}")


def test_the_bound_is_met_to_the_byte(client):
    padded = JSON + b" " * (MOST - len(JSON))
    assert ask(client, gzip.compress(padded), "gzip").status_code == 200
    assert ask(client, padded, "identity").status_code == 200
    refused(ask(client, gzip.compress(padded + b" "), "gzip"), 413, f"{MOST:,}")
    refused(ask(client, padded + b" ", "identity"), 413, f"{MOST:,}")
