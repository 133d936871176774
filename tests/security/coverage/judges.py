"""What has to hold for every text and every body; anything else that is raised is a finding."""

import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
from flint import arb

from core.approximation.ball_arithmetic.enclosure import enclose
from core.approximation.formula.formula import derivative_of, parse
from core.errors import MathematicalError
from service.serialization import json_chunks, json_parser

X = np.array([-3.0, -1.0, -0.5, 0.0, 1e-9, 0.5, 1.0, 2.0, 700.0, 1e300])
sys.set_int_max_str_digits(0)  # for the parser that ours is compared with
PADDING = b" " * json_parser.LARGE_BYTES
"""Makes a body one for the parser of large ones."""


def judge_formula(data: bytes) -> None:
    """It is refused at one of its characters, or written out again it is the same function."""
    text = data.decode("utf-8", "replace")
    try:
        formula = parse(text)
    except MathematicalError as error:
        _require_place(error.detail, text)
        return
    for one in (formula, derivative_of(formula)):
        values = one(X)
        if one.text is not None and len(one.text) < 1000:
            assert np.array_equal(parse(one.text)(X), values, equal_nan=True), one.text
    for x in X:
        enclose(formula, arb(float(x)))  # of whatever is parsed there is one


def _require_place(sentence: str, text: str) -> None:
    found = re.match(r"at character (\d+): .", sentence)
    assert found is not None, sentence
    assert 1 <= int(found[1]) <= len(text) + 1, sentence


def judge_body(data: bytes, read: Callable[[bytes], Any] = json_parser.parse) -> None:
    """Small or large, it is refused or the same value; and Python's own parser agrees to it.

    In pieces it may be refused where it is not plain, and is the same value otherwise.
    """
    strict = _outcome(json_parser.parse_strictly, data)
    in_pieces = _outcome(_parse_in_pieces, data)
    assert in_pieces is REFUSED or _same(in_pieces, strict)
    assert _same(_outcome(read, data + PADDING), strict)
    assert _same(_outcome(read, data), strict)
    if strict is not REFUSED:
        assert _same(json.loads(data, object_pairs_hook=_without_duplicates), strict)


REFUSED = object()
PIECE_BYTES = 24


def _parse_in_pieces(data: bytes) -> Any:
    with (
        patch.multiple(json_parser, LARGE_BYTES=0, STRICT_BYTES=0),
        patch.multiple(json_chunks, PIECE_BYTES=PIECE_BYTES, LONG_BYTES=4),
    ):
        return json_parser.parse(data)


def _outcome(read: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return read(data)
    except json_parser.InvalidJson:
        return REFUSED


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def _same(left: Any, right: Any) -> bool:
    """Equal, where an array may stand for rows of numbers and a double for an integer."""
    left, right = _plain(left), _plain(right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if type(left) in (int, float) and type(right) in (int, float):
        return _double(left) == _double(right)
    return left is right or (type(left) is type(right) and left == right)


def _double(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value
