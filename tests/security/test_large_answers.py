"""A large answer is written in pieces, and reads as if it had been written at once."""

import numpy as np
import orjson
import pytest

from service.serialization.json_writer import NUMBERS_AT_ONCE, to_json

SIZE = NUMBERS_AT_ONCE
SHAPES = [
    (SIZE,),
    (SIZE + 1,),
    (3 * SIZE + 7,),
    (SIZE + 1, 1),
    (SIZE // 3 + 1, 3),
    (2, SIZE + 1),
    (SIZE // 100, 10, 11),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_pieces_of_an_array_are_the_array(shape):
    values = np.arange(np.prod(shape), dtype=float).reshape(shape)
    at_once = orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)
    assert to_json(values) == at_once
    assert to_json({"x": [values]}) == b'{"x":[' + at_once + b"]}"


def test_an_array_with_gaps_is_written_like_one_without():
    values = np.arange(6.0 * SIZE).reshape(-1, 2)[:, 0]
    assert to_json(values) == to_json(values.copy())
