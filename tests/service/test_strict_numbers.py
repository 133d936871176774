"""A number in a request is a finite JSON number, or it is refused where it stands."""

import pytest
from problem import problem, refusal
from questions import RIGHT, spelled

JSON = {"Content-Type": "application/json"}

PLACES = [
    ("/forward", "/x/1/0"),
    ("/forward", "/network/layers/0/weights/0/1"),
    ("/forward", "/network/layers/0/biases/0"),
    ("/backprop", "/x/0/1"),
    ("/backprop", "/y/1/0"),
    ("/approximate", "/interval/1"),
    ("/approximate/compare", "/interval/0"),
    ("/train", "/data/x/0/1"),
    ("/train", "/data/x/0/0"),
    ("/train", "/eta"),
    ("/train", "/validation_fraction"),
]

INTEGERS = [
    ("/approximate", "/n"),
    ("/approximate/compare", "/n/1"),
    ("/train", "/iterations"),
    ("/train", "/seed"),
    ("/train", "/batch_size"),
]

NOT_NUMBERS = ['"1.5"', '""', "true", "false", "[]", "{}", "[1]"]
NOT_FINITE = ["1e999", "-1e999", "9" * 400, "-" + "9" * 400]
NOT_JSON = ["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "1_0", "0x1", "1e", "-", "1,"]


def ask(client, place, text):
    path, pointer = place
    return client.post(path, content=spelled(path, pointer, text), headers=JSON)


@pytest.mark.parametrize("path", RIGHT)
def test_the_right_questions_are_answered(client, path):
    assert client.post(path, json=RIGHT[path]).status_code in (200, 202)


@pytest.mark.parametrize("text", [*NOT_NUMBERS, "null"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: "".join(place))
def test_what_is_not_a_number_is_refused_where_it_stands(client, place, text):
    refusal(ask(client, place, text), 422, place[1], "number")


@pytest.mark.parametrize("text", NOT_FINITE, ids=lambda text: text[:6])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: "".join(place))
def test_a_number_beyond_the_floats_is_refused_where_it_stands(client, place, text):
    refusal(ask(client, place, text), 422, place[1], "finite", "1.797e308")


@pytest.mark.parametrize("text", [*NOT_NUMBERS, "1.5", "2.0", "1e1"])
@pytest.mark.parametrize("place", INTEGERS, ids=lambda place: "".join(place))
def test_what_is_not_an_integer_is_refused_where_it_stands(client, place, text):
    refusal(ask(client, place, text), 422, place[1], "integer")


@pytest.mark.parametrize("text", [*NOT_JSON, "9" * 5000], ids=lambda text: text[:9])
@pytest.mark.parametrize("place", [PLACES[0], INTEGERS[0]], ids=lambda place: "".join(place))
def test_what_json_does_not_write_is_refused_with_line_and_column(client, place, text):
    document = problem(ask(client, place, text), 422)
    assert document["type"] == "urn:chainrule:problem:invalid-json"
    assert "at line 1 column" in document["detail"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1E2", 100.0),
        ("-0.0", 0.0),
        ("1e-400", 0.0),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("9007199254740993", 9007199254740992.0),  # 2^53 + 1 lies between two floats
        ("18446744073709551616", 2.0**64),
        ("1" + "0" * 300, 1e300),
        ("0.1000000000000000055511151231257827", 0.1),
    ],
)
def test_every_number_of_json_becomes_the_nearest_float(client, text, number):
    identity = '{"layers":[{"weights":[[1]],"biases":[0],"activation":"identity"}]}'
    body = f'{{"network":{identity},"x":[{text}]}}'
    assert client.post("/forward", content=body, headers=JSON).json()["output"] == [number]
