"""Whatever JSON arrives, and whatever is changed in a right question, the answer is no 5xx."""

import copy
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions import RIGHT

JSON = {"Content-Type": "application/json"}
ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),  # NaN and Infinity too, as Python's json writes them
        st.text(max_size=10),
        st.sampled_from(["sigmoid", "softmax", "squared", "adam", "x", "sin(x)", "mean", "moons"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.text(max_size=4), st.sampled_from(["x", "y", "name", "layers", "sizes"])),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


def places(value, place=()):
    """The way to every value in a document."""
    yield place
    steps = {dict: lambda: value.items(), list: lambda: enumerate(value)}
    for step, inner in steps.get(type(value), tuple)():
        yield from places(inner, (*place, step))


def with_one_value_changed(question, place, value):
    if not place:
        return value
    question = copy.deepcopy(question)
    node = question
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    return question


@settings(max_examples=60)
@given(document=ANYTHING)
@pytest.mark.parametrize("path", RIGHT)
def test_any_document_is_answered_or_refused(client, path, document):
    response = client.post(path, content=json.dumps(document).encode(), headers=JSON)
    assert response.status_code in (200, 202, 422)


@settings(max_examples=150)
@given(data=st.data())
@pytest.mark.parametrize("path", RIGHT)
def test_a_right_question_with_one_thing_changed_is_answered_or_refused(client, path, data):
    place = data.draw(st.sampled_from(list(places(RIGHT[path]))))
    number = st.sampled_from([0, -1, 1e308, -1e308, 5e-324, 2**53, 2**63, 10**19, 0.1])
    changed = with_one_value_changed(RIGHT[path], place, data.draw(st.one_of(ANYTHING, number)))
    if isinstance(changed, dict) and path == "/train":
        changed["iterations"] = 1
    response = client.post(path, content=json.dumps(changed).encode(), headers=JSON)
    assert response.status_code in (200, 202, 422), response.text


@settings(max_examples=300)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused(client, body):
    response = client.post("/forward", content=body, headers=JSON)
    assert response.status_code == 422


WRITABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@settings(max_examples=100)
@given(
    name=WRITABLE,
    query=st.dictionaries(
        st.one_of(WRITABLE, st.sampled_from(["samples", "noise", "seed", "classes", "limit"])),
        st.one_of(WRITABLE, st.integers(-5, 300), st.floats()),
        max_size=3,
    ),
)
def test_any_address_and_query_are_answered_or_refused(client, name, query):
    for address in (f"/datasets/{quote(name, safe='')}", "/datasets/moons", "/train"):
        response = client.get(address, params=query)
        assert response.status_code in (200, 404, 422), response.text
