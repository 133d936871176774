"""Idempotency keys compare the meaning of a body: equal values, equal digests, and only they."""

import json

from hypothesis import given
from hypothesis import strategies as st

from service.serialization.json_digest import json_digest

KEYS = st.text(max_size=5)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def digest(value, **style):
    return json_digest(json.dumps(value, **style).encode())


def meaning(value):
    """The value with 1 and 1.0 alike, but true and 1 not, whatever Python says."""
    if isinstance(value, dict):
        return {key: meaning(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [meaning(entry) for entry in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    return ("number", value)


def reordered(value):
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(entry) for entry in value] if isinstance(value, list) else value


@given(VALUES)
def test_spaces_order_and_escapes_do_not_matter(value):
    plain = digest(value)
    assert digest(reordered(value)) == plain
    assert digest(value, indent=3, ensure_ascii=False, separators=(" , ", " : ")) == plain


@given(VALUES, VALUES)
def test_two_values_have_the_same_digest_just_where_they_mean_the_same(one, other):
    assert (digest(one) == digest(other)) == (meaning(one) == meaning(other))


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=5))
def test_integers_may_be_written_as_decimals(numbers):
    decimals = [float(number) for number in numbers]
    assert digest({"x": numbers}) == digest({"x": decimals})
    assert digest({"x": [numbers, numbers]}) == digest({"x": [decimals, decimals]})
    assert digest({"x": numbers}) != digest({"x": [*numbers, 0]})


def test_a_large_body_has_the_digest_of_the_same_in_pieces():
    # One is parsed into lists, the other into arrays, and the third is cut into pieces.
    rows = [[0.25 * number, number] for number in range(60)]
    for length in (60, 3000, 120_000):
        value = {"x": (rows * (length // 60)), "y": 1}
        spaced = json.dumps(value, indent=1).encode()
        assert json_digest(spaced) == json_digest(json.dumps(value).encode())
