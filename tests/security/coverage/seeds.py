"""Inputs to begin with, and the words that others are made of."""

import json
from pathlib import Path

from core.approximation.formula.symbols import SYMBOLS
from tests.security.fuzz.values import NASTY
from tests.service.questions import RIGHT

EXAMPLES = Path(__file__).parents[3] / "openapi" / "examples"
FORMULAS = [
    b"sin(x)",
    b"where(x < 0 and not x == -1, -x^2, abs(x) % 2)",
    b"-2 x^-2 ** 3 / (1.5e-3 + .5)",
    b"log(cosh(x)) - max(x, pi, e)",
    b"((((x))))",
]
BODIES = [
    *(json.dumps(question).encode() for question in RIGHT.values()),
    *(path.read_bytes() for path in EXAMPLES.glob("*.request.json")),
    *(b'{"x": [%b, 1]}' % value for value in NASTY if len(value) < 1000),
    json.dumps({"x": [[0.5, 1] for _ in range(200)]}).encode(),
]
INPUTS = {"formula": FORMULAS, "body": BODIES}
WORDS = {
    "formula": [*(name for name in SYMBOLS if name.isalpha()), "where(", "**", " and ", "<=", "1e"],
    "body": [
        "[[",
        "]]",
        "],[",
        "\\\\u",
        "1e99",
        "-0",
        "null",
        "true",
        '\\"x\\":',
        "{}",
        "[]",
        ", ",
    ],
}
