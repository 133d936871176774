"""Whatever comes down a socket, the answer is the right result or a problem document."""

from urllib.request import urlopen

import pytest

from tests.acceptance.server import started
from tests.security.fuzz.attacks import ATTACKS
from tests.security.fuzz.siege import SETTINGS, acceptable, besiege, complaints
from tests.security.wire import Answer


def test_the_service_outlives_a_siege(tmp_path):
    with started(tmp_path, **SETTINGS) as server:
        server.wait_until_ready()
        verdict = besiege(server, seed=1, requests=1500)
        assert verdict.wrong == []
        assert {200, 202, 400, 404, 405, 408, 422} <= verdict.answers.keys()
        assert verdict.conversations > 50 * len(set(ATTACKS))
        server.wait_until_ready()
        with urlopen(f"{server.address}/health/live") as answer:
            assert answer.status == 200
    assert complaints(server.log) == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {"content-type": "application/problem+json"}, b'{"status":500,"detail":"x"}'),
        Answer(503, {"content-type": "application/problem+json"}, b'{"status":503,"detail":"x"}'),
        Answer(404, {"content-type": "application/json"}, b'{"status":404,"detail":"x"}'),
        Answer(404, {"content-type": "application/problem+json"}, b'{"status":422,"detail":"x"}'),
        Answer(404, {"content-type": "application/problem+json"}, b'{"status":404,"detail":""}'),
        Answer(404, {"content-type": "application/problem+json"}, b""),
    ],
    ids=range(6),
)
def test_the_judge_is_strict(answer):
    assert not acceptable(answer)
