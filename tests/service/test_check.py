"""POST /check: a student's numbers, judged in the form of /backprop's answer."""

import re

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


def test_a_gradient_that_comes_transposed_is_right_for_row_vectors(client, question):
    # Of layer 2 by /backprop: [[0.0524, 0.0092, 0.0994], [-0.0244, -0.0043, -0.0463]].
    answers = {"layers": [{}, {"weights_gradient": [[0.05, -0.02], [0.01, 0.0], [0.1, -0.05]]}]}
    answer = client.post("/check", json=question | {"answers": answers}).json()
    assert (answer["wrong"], answer["correct"]) == (0, 6)
    assert [one["name"] for one in answer["conventions"]] == ["gradients_by_rows"]


def test_one_gradient_transposed_beside_one_that_is_not_is_a_mistake(client, question):
    transposed = [[0.05, -0.02], [0.01, 0.0], [0.1, -0.05]]
    below = {"weights_gradient": [[0.01, 0.02], [0.0, 0.0], [0.0, 0.0]]}
    answers = {"layers": [below, {"weights_gradient": transposed}]}
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
        ({"layers": [{"s": [1, "two", 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": [1, "1e999", 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": [1, "NaN", 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": [1, True, 3]}]}, "/answers/layers/0/s"),
        ({"layers": [{"s": []}]}, "/answers/layers/0/s"),
        ({"layers": [{"weights_gradient": [[1, 2], [3]]}]}, "/answers/layers/0/weights_gradient"),
        ({"layers": [{}, {}, {"s": [1]}]}, "/answers/layers/2/s"),
        ({"loss": 1e301}, "/answers/loss"),
        ({"loss": -(10**400)}, "/answers/loss"),
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


TWO_TWO_TWO = {
    "layers": [
        {"weights": [[0.15, 0.2], [0.25, 0.3]], "biases": [0.35, 0.35], "activation": "sigmoid"},
        {"weights": [[0.4, 0.45], [0.5, 0.55]], "biases": [0.6, 0.6], "activation": "sigmoid"},
    ]
}
PUBLISHED = {"network": TWO_TWO_TWO, "x": [0.05, 0.1], "y": [0.01, 0.99], "eta": 0.5}


def judge(client, answers, **question):
    answer = client.post("/check", json=PUBLISHED | question | {"answers": answers})
    assert answer.status_code == 200, answer.text
    return answer.json()


def names_of(number):
    return [mistake["name"] for mistake in number["mistakes"]]


def test_a_number_with_fewer_digits_than_asked_is_coarse_and_no_slip(client):
    answers = {"loss": 0.2984, "layers": [{"x": ["0.5933", "0.59690"]}]}
    report = judge(client, answers, decimals=6)
    verdicts = {one["pointer"]: one["verdict"] for one in report["numbers"] if one["value"]}
    assert verdicts == {
        "/loss": "coarse",
        "/layers/0/x/0": "coarse",
        "/layers/0/x/1": "wrong",  # five digits, of which the last is not right: 0.59688
    }
    assert report["coarse"] == 2


def test_undeclared_digits_are_those_of_each_number_and_never_three_decimals(client):
    # ∂E/∂w of layer 1 is 0.000438568, 0.000877135, 0.000497713, 0.000995425.
    gradient = [[0.0009, -0.0004], [0.0, "4.977e-4"]]
    gradient[1] = ["0.0", "0.000995"]
    report = judge(client, {"layers": [{"weights_gradient": gradient}]})
    found = [one for one in report["numbers"] if "/0/weights_gradient/" in one["pointer"]]
    assert [one["verdict"] for one in found] == ["wrong", "wrong", "coarse", "correct"]
    assert found[2]["digits"] == 1
    assert found[0]["expected"] == 0.0004386


def test_an_undefined_logarithm_lets_nothing_follow_and_explains_nothing(client):
    layer = {"weights": [[1, 1]], "biases": [0], "activation": "sigmoid"}
    question = {"network": {"layers": [layer]}, "x": [1, 1], "y": [0], "decimals": 3}
    question |= {"loss": "binary_cross_entropy"}
    answers = {"layers": [{"s": [2], "x": [2]}], "loss": 77}
    report = client.post("/check", json=question | {"answers": answers}).json()
    numbers = {one["pointer"]: one for one in report["numbers"]}
    assert names_of(numbers["/layers/0/x/0"]) == ["activation_forgotten"]
    assert (numbers["/loss"]["verdict"], names_of(numbers["/loss"])) == ("wrong", [])


@pytest.mark.parametrize(
    ("answers", "pointer", "name"),
    [
        (
            {"layers": [{"x_gradient": [0.055399, 0.062324]}]},
            "/layers/0/x_gradient/0",
            "only_one_path",
        ),
        ({"layers": [{"s": [0.375, 0.39]}]}, "/layers/0/s/0", "inputs_exchanged"),
        ({"layers": [{"x": [1.685573, 1.675366]}]}, "/layers/0/x/0", "reciprocal_forgotten"),
        (
            {"layers": [{}, {"biases_gradient": [0.164835, -0.045343]}]},
            "/layers/1/biases_gradient/0",
            "sum_over_inputs",
        ),
        (
            {"layers": [{}, {"x_gradient": [-0.238635, 0.762928]}]},
            "/layers/1/x_gradient/0",
            "targets_exchanged",
        ),
    ],
)
def test_a_slip_of_one_term_or_one_path_has_a_name(client, answers, pointer, name):
    first = judge(client, answers, decimals=6)["first_wrong"]
    assert (first["pointer"], names_of(first), first["certain"]) == (pointer, [name], True)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("0.539", "digits_exchanged"),
        ("0.594", "last_digit_off_by_one"),
        ("-0.593", "sign_lost"),
        ("5.933", "point_too_far_right"),
    ],
)
def test_slips_of_writing_have_names(client, written, name):
    answers = {"layers": [{"x": [written, "0.597"]}]}
    first = judge(client, answers, decimals=3)["first_wrong"]
    assert names_of(first) == [name]


@pytest.mark.parametrize(
    ("answers", "pointer", "decimals", "certain"),
    [
        ({"x": ["-0.59", "0.60"]}, "/layers/0/x/0", 2, False),
        ({"s": ["0.38", "-0.39"]}, "/layers/0/s/1", 2, False),
        ({"x": ["0.5933", "-0.5969"]}, "/layers/0/x/1", 4, True),
        ({"x": ["-0.5933", "-0.5969"]}, "/layers/0/x/0", 4, True),
    ],
)
def test_a_lost_sign_may_be_the_mistake_and_is_certain_with_enough_digits(
    client, answers, pointer, decimals, certain
):
    first = judge(client, {"layers": [answers]}, decimals=decimals)["first_wrong"]
    assert (first["pointer"], names_of(first)) == (pointer, ["sign_lost"])
    assert first["certain"] is certain


@pytest.mark.parametrize(
    ("answers", "convention", "declare"),
    [
        (
            {"loss": 0.596742, "layers": [{}, {"delta": [0.276997, -0.076196]}]},
            "squared_sum",
            {"loss": "squared_sum"},
        ),
        (
            {
                "layers": [
                    {},
                    {
                        "delta": [-0.138499, 0.038098],
                        "updated_weights": [[0.358916, 0.408666], [0.511301, 0.561370]],
                    },
                ]
            },
            "delta_error",
            {"conventions": {"delta": "error"}},
        ),
        (
            {"layers": [{}, {"updated_weights": [[-0.041084, -0.041334], [0.011301, 0.01137]]}]},
            "update_step",
            {"conventions": {"update": "step"}},
        ),
    ],
)
def test_right_numbers_of_another_convention_are_not_wrong(client, answers, convention, declare):
    report = judge(client, answers, decimals=6)
    assert report["wrong"] == 0
    assert [one["name"] for one in report["conventions"]] == [convention]
    assert report["conventions"][0]["declare"] == declare
    declared = judge(client, answers, decimals=6, **declare)
    assert (declared["wrong"], declared["follows"], declared["conventions"]) == (0, 0, [])


def test_a_network_may_be_written_for_row_vectors_or_with_its_bias_in_the_weights(client):
    plain = {"layers": [{"weights": [[1, 2], [3, 4], [5, 6]], "biases": [7, 8, 9]}]}
    rows = {"layout": "rows", "layers": [{"weights": [[1, 3, 5], [2, 4, 6]], "biases": [7, 8, 9]}]}
    first = {"bias": "first", "layers": [{"weights": [[7, 1, 2], [8, 3, 4], [9, 5, 6]]}]}
    last = {
        "bias": "last",
        "layout": "rows",
        "layers": [{"weights": [[1, 3, 5], [2, 4, 6], [7, 8, 9]]}],
    }
    outputs = []
    for network in (plain, rows, first, last):
        network["layers"][0]["activation"] = "identity"
        answer = client.post("/forward", json={"network": network, "x": [1, -1]}).json()
        outputs.append(answer["output"])
    assert outputs == [[6, 7, 8]] * 4


def test_a_network_of_another_layout_is_refused_with_that_advice(client):
    wide = {"weights": [[1, 2, 3], [4, 5, 6]], "activation": "relu"}
    tall = {"weights": [[1, 2], [3, 4], [5, 6]], "activation": "relu"}
    transposed = client.post("/forward", json={"network": {"layers": [wide, tall]}, "x": [1, 2]})
    assert "bias" in transposed.json()["detail"]
    layers = [{"weights": [[1, 2, 3], [4, 5, 6]], "activation": "relu"}]
    layers += [{"weights": [[1], [2], [3]], "activation": "relu"}]
    refused = client.post("/forward", json={"network": {"layers": layers}, "x": [1, 2]})
    assert refused.status_code == 422
    assert '"layout": "rows"' in refused.json()["detail"]


@pytest.mark.parametrize("media_type", ["text/html", "text/markdown", "application/x-tex"])
def test_a_report_to_hand_back_has_a_mark_at_each_number_the_slip_and_points(
    client, question, media_type
):
    marks = {
        "text/html": ("✓", "✗", "↪"),
        "text/markdown": (r"\checkmark", r"\times", r"\hookrightarrow"),
        "application/x-tex": (r"\checkmark", r"\times", r"\hookrightarrow"),
    }[media_type]
    answer = client.post("/check", json=question, headers={"Accept": media_type})
    assert answer.status_code == 200
    assert all(mark in answer.text for mark in marks)
    assert "The first slip" in answer.text
    assert re.search("[56] of 18", answer.text)
    hidden = client.post("/check", json=question | {"hints": 0}, headers={"Accept": media_type})
    assert "The first slip" not in hidden.text


def test_the_points_of_a_partly_right_quantity_are_its_share_to_half_a_point(client, question):
    layers = question["answers"]["layers"]
    half = {"layers": [layers[0], layers[1] | {"delta": [0.14, None]}]}
    body = question | {"answers": half}
    text = client.post("/check", json=body, headers={"Accept": "text/markdown"}).text
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| $")]
    shares = {row[0].strip(): (row[1].strip(), row[2].strip()) for row in rows}
    # δ of layer 2: one of two numbers follows; two points.
    assert shares[r"$\delta^{( 2 )}$"] == ("1 of 2", "1 of 2")
    assert shares["$s^{( 2 )}$"] == ("0 of 2", "0 of 2")


def test_a_textbook_with_its_loss_without_a_half_is_right_although_it_rounds_early(client):
    # Abu-Mostafa, Magdon-Ismail and Lin, Learning From Data, e-chapter 7, example 7.1.
    layers = [
        {"weights": [[0.3], [0.4]], "biases": [0.1, 0.2], "activation": "tanh"},
        {"weights": [[1, -3]], "biases": [0.2], "activation": "tanh"},
        {"weights": [[2]], "biases": [1], "activation": "tanh"},
    ]
    printed = [
        {"s": [0.7, 1], "x": [0.6, 0.76], "delta": [-0.44, 0.88]},
        {"s": [-1.48], "x": [-0.9], "delta": [-0.69], "weights_gradient": [[-0.42, -0.53]]},
        {"s": [-0.8], "x": [-0.66], "delta": [-1.855], "weights_gradient": [[1.67]]},
    ]
    question = {"network": {"layers": layers}, "x": [2], "y": [1], "decimals": 2}
    report = client.post("/check", json=question | {"answers": {"layers": printed}}).json()
    assert report["wrong"] == 0
    assert [one["name"] for one in report["conventions"]] == ["squared_sum"]


def test_one_bias_for_a_layer_is_a_convention_where_its_units_have_the_same(client):
    # Of a published example: δ of layer 2 adds up to 0.100401, and b⁺ is 0.6 - 0.5 · 0.1004.
    layer = {"biases_gradient": [0.1004, 0.1004], "updated_biases": [0.5498, 0.5498]}
    report = judge(client, {"layers": [{}, layer]}, decimals=6)
    assert report["wrong"] == 0
    assert [one["name"] for one in report["conventions"]] == ["shared_bias"]
