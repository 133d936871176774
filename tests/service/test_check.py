"""POST /check: a student's numbers, judged in the form of /backprop's answer."""

import pytest

NOTHING = {"expected", "allowed", "mistakes", "alternatives"}


@pytest.fixture(scope="session")
def question(sheet):
    # The bias of layer 2 forgotten, and on with that.
    layers = [
        {"s": [-0.1, -2.4, 2.2], "x": [0.48, 0.08, 0.90]},
        {"s": [0.39, 0.52], "x": [0.60, None], "delta": [0.14, -0.09]},
    ]
    return {
        "network": sheet["network"],
        "x": [1, 2],
        "y": [0, 1],
        "decimals": 2,
        "rounding": "each_step",
        "answers": {"layers": layers},
    }


def verdicts(answer, prefix):
    return [one["verdict"] for one in answer["numbers"] if one["pointer"].startswith(prefix)]


def test_a_slip_is_found_and_named_and_what_follows_is_forgiven(client, question):
    answer = client.post("/check", json=question).json()
    assert verdicts(answer, "/layers/0/s/") == ["correct"] * 3
    assert verdicts(answer, "/layers/1/s/") == ["wrong"] * 2
    assert verdicts(answer, "/layers/1/x/") == ["follows", "missing"]
    assert verdicts(answer, "/layers/1/delta") == ["follows"] * 2
    first = answer["first_wrong"]
    assert first["pointer"] == "/layers/1/s/0"
    assert (first["value"], first["expected"]) == (0.39, -0.21)
    assert [one["name"] for one in first["mistakes"]] == ["bias_forgotten"]
    assert first["allowed"][0] < -0.21 < first["allowed"][1]
    total = sum(answer[verdict] for verdict in ("correct", "wrong", "follows", "missing"))
    assert total == len(answer["numbers"])


@pytest.mark.parametrize(
    ("hints", "held_back"), [(0, NOTHING), (1, NOTHING - {"mistakes"}), (2, set())]
)
def test_hints_say_only_as_much_as_was_asked(client, question, hints, held_back):
    answer = client.post("/check", json=question | {"hints": hints}).json()
    for number in answer["numbers"]:
        assert {key for key in NOTHING if number[key] is None} == held_back


def test_the_summary_says_it_in_the_letters_of_the_sheet(client, question):
    counted = "11 of 45 numbers were handed in: 6 correct, 3 right given an earlier slip, 2 wrong."
    where = "The first wrong one is s⁽²⁾ of unit 1"
    sentences = [
        f"{counted} {where}.",
        f"{counted} {where}. The bias was not added.",
        f"{counted} {where}: it is 0.39 and should be −0.21. The bias was not added.",
    ]
    for hints, sentence in enumerate(sentences):
        answer = client.post("/check", json=question | {"hints": hints}).json()
        assert answer["summary"] == sentence


def test_allowed_ends_have_no_digits_of_the_machine(client, question):
    answer = client.post("/check", json=question).json()
    ends = [end for one in answer["numbers"] for end in one["allowed"]]
    assert all(len(f"{end!r}".strip("-0.")) <= 14 for end in ends)


def test_many_samples_keep_their_axis(client, question):
    answers = {"layers": [{"s": [[-0.1, -2.4, 2.2], [None, None, 2.2]]}]}
    many = question | {"x": [[1, 2], [1, 2]], "y": [[0, 1], [0, 1]], "answers": answers}
    answer = client.post("/check", json=many).json()
    assert verdicts(answer, "/layers/0/s/0/") == ["correct"] * 3
    assert verdicts(answer, "/layers/0/s/1/") == ["missing", "missing", "correct"]


def test_a_gradient_may_come_transposed_and_that_is_its_mistake(client, question):
    # Of layer 2 by /backprop: [[0.0524, 0.0092, 0.0994], [-0.0244, -0.0043, -0.0463]].
    answers = {"layers": [{}, {"weights_gradient": [[0.05, -0.02], [0.01, 0.0], [0.1, -0.05]]}]}
    answer = client.post("/check", json=question | {"answers": answers}).json()
    wrong = [one for one in answer["numbers"] if one["verdict"] == "wrong"]
    assert len(wrong) == 6
    assert {one["mistakes"][0]["name"] for one in wrong} == {"outer_product_transposed"}


def test_the_lambdas_of_task_7_are_checked_too(client):
    system = {"function": "x^2", "interval": [0, 1], "n": 5}
    answers = {"spacing": 0.25, "lambdas": [0, 0.25, 0.75, 1.25, 1.75]}
    answer = client.post("/check", json={"relu_system": system, "answers": answers}).json()
    assert verdicts(answer, "/spacing") == ["correct"]
    assert verdicts(answer, "/lambdas") == ["correct", "correct", "wrong", "wrong", "wrong"]
    assert answer["first_wrong"]["mistakes"][0]["name"] == "slope_instead_of_its_change"


def test_what_backprop_answers_is_correct_in_every_digit(client, question):
    body = {key: question[key] for key in ("network", "x", "y")}
    exact = client.post("/backprop", json=body).json()
    names = ("s", "x", "delta", "weights_gradient", "biases_gradient")
    layers = [{name: layer[name] for name in names} for layer in exact["layers"]]
    answers = {"layers": layers, "loss": exact["loss"], "x_gradient": exact["x_gradient"]}
    answer = client.post("/check", json=body | {"answers": answers, "decimals": 9}).json()
    assert answer["wrong"] == answer["follows"] == 0
    assert answer["correct"] == 35


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"layers": [{"s": [1, 2]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": [1, "2", 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": [1, True, 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": []}]}, "/answers/layers/0/s"),
        ({"layers": [{"weights_gradient": [[1, 2], [3]]}]}, "/answers/layers/0/weights_gradient"),
        ({"layers": [{}, {}, {"s": [1]}]}, "/answers/layers/2/s"),
        ({"loss": 1e301}, "/answers/loss"),
        ({"lambdas": [1]}, "/answers/lambdas/0"),
        ({"lambdas": 1}, "/answers/lambdas"),
        ({"loss": [1]}, "/answers/loss"),
        ({"layers": [{"updated_biases": [1, 2, 3]}]}, "/answers/layers/0/updated_biases"),
        ({"sigma": 1}, "/answers/sigma"),
    ],
)
def test_answers_that_do_not_fit_are_refused_where_they_stand(client, question, answers, pointer):
    response = client.post("/check", json=question | {"answers": answers})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer
