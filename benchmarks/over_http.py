"""The service over a socket beside FastAPI's ordinary way: python -m benchmarks.over_http."""

import json
import tempfile
from statistics import median

import numpy as np
import orjson

from benchmarks.interleave import interleaved, ratio
from benchmarks.operation import long_approximate, long_forward, start_up
from benchmarks.processes import small_question
from benchmarks.servers import chainrule, plain_fastapi
from benchmarks.table import ROUNDS, compare_times, row
from benchmarks.wire_client import call, requests_per_second

SMALL_SECONDS = 1.5


def small_forward(ours: str, logging: str, silent: str) -> None:
    """Ask a 2-16-1 network for one output, again and again."""
    body = small_question().encode()

    def constant(peer: str) -> float:
        return requests_per_second(peer, "GET", "/constant", seconds=SMALL_SECONDS)

    measured = interleaved(
        {
            "ours": lambda: requests_per_second(
                ours, "POST", "/forward", body, seconds=SMALL_SECONDS
            ),
            "with a line for each request": lambda: constant(logging),
            "without": lambda: constant(silent),
        },
        ROUNDS,
    )
    for peer in ("with a line for each request", "without"):
        row(
            f"2-16-1 `/forward` without intermediates; an empty endpoint {peer}",
            f"{median(measured['ours']):,.0f} /s",
            f"{median(measured[peer]):,.0f} /s",
            f"{ratio(measured['ours'], measured[peer]):.2f}",
            "≥ 0.5",
        )


def many_numbers(ours: str, peer: str, samples: int, width: int) -> None:
    """Send 10^6 numbers through one linear layer."""
    generator = np.random.default_rng(0)
    x, weights = generator.normal(size=(samples, width)), generator.normal(size=(width, width))
    layer = {"weights": weights, "biases": np.zeros(width), "activation": "identity"}
    question = {"network": {"layers": [layer]}, "x": x, "intermediates": False}
    our_body = orjson.dumps(question, option=orjson.OPT_SERIALIZE_NUMPY)
    body = orjson.dumps({"weights": weights, "x": x}, option=orjson.OPT_SERIALIZE_NUMPY)
    answers = [
        json.loads(call(ours, "POST", "/forward", our_body)),
        json.loads(call(peer, "POST", "/rows", body)),
    ]
    np.testing.assert_allclose(answers[0]["output"], answers[1]["output"], rtol=1e-9, atol=1e-12)
    compare_times(
        f"{samples:,} × {width} numbers in and out; models of `list[list[float]]`",
        lambda: call(ours, "POST", "/forward", our_body),
        lambda: call(peer, "POST", "/rows", body),
        "≤ 0.2",
    )


def approximate(ours: str, peer: str) -> None:
    """Interpolate 10^6 samples."""
    x = np.cumsum(np.random.default_rng(0).uniform(0.5, 1.5, 10**6))
    body = orjson.dumps({"samples": {"x": x, "y": np.sin(x)}}, option=orjson.OPT_SERIALIZE_NUMPY)
    compare_times(
        "`/approximate` with 10⁶ samples; parsing and writing alone",
        lambda: call(ours, "POST", "/approximate", body),
        lambda: call(peer, "POST", "/parse-and-write", body),
        "≤ 3",
    )


def main() -> None:
    """Print the table."""
    row("Chainrule; peer", "Chainrule", "peer", "ratio", "target")
    row("---", "---:", "---:", "---:", "---")
    start_up()
    with (
        tempfile.TemporaryDirectory() as folder,
        chainrule(folder) as (ours, _),
        plain_fastapi(access_log=True) as (logging, _),
        plain_fastapi(access_log=False) as (silent, _),
    ):
        small_forward(ours, logging, silent)
        many_numbers(ours, silent, 500_000, 2)
        many_numbers(ours, silent, 100_000, 10)
        approximate(ours, silent)
        long_forward(ours)
        long_approximate(ours)


if __name__ == "__main__":
    main()
