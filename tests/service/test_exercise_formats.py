"""Sheets for learning platforms, read back by readers that others wrote, with equal numbers."""

import json
import re
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
import qti2latex
from moodle_xml_parser.parser import parse_bytes

from core.export.exercises import EXERCISE_FORMATS

KINDS = [
    {"kind": "forward", "decimals": 2},
    {"kind": "backprop"},
    {"kind": "update", "activations": ["relu", "identity"], "rounding": "each_step"},
    {"kind": "backprop", "activations": ["tanh", "softmax"], "loss": "cross_entropy"},
    {"kind": "update", "sizes": [2, 2, 1], "loss": "binary_cross_entropy", "significant_digits": 3},
    {"kind": "relu_system", "n": 4},
]
each_kind = pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: "-".join([kind["kind"], *kind.get("activations", [])])
)
SEED = 7
FORGOTTEN_BIAS = "The bias was not added."


def file_of(client, name, **question):
    answer = client.post(f"/exercises?format={name}", json={"seed": SEED} | question)
    assert answer.status_code == 200, answer.text
    return answer.content


def expected(client, **question):
    """The numbers of the key in the order of the scheme, and what each may be off by."""
    sheet = client.post("/exercises", json={"seed": SEED} | question).json()
    steps = {step["id"]: step for step in sheet["key"]}
    asked = [steps[line["id"]] for line in sheet["scheme"] if line["id"] in steps]
    values = np.concatenate([np.ravel(step["value"]) for step in asked])
    if "significant_digits" in question:
        digits = question["significant_digits"]
        size = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
        return values, 0.5 * 10.0 ** (size - digits + 1)
    return values, np.full(values.shape, 0.5 * 10.0 ** -question.get("decimals", 3))


def assert_accepts_honest_rounding(values, halves, low, high):
    """Right numbers are accepted with the digits asked for and with more, and no others."""
    low, high = np.array(low), np.array(high)
    assert ((low <= values) & (values <= high)).all()
    off = values - high
    assert (off <= 0).all()
    rooms = np.maximum(values - low, high - values)
    assert ((rooms <= halves * 1.001) | (rooms <= 1e-8)).all()
    assert ((rooms >= halves * 0.999) | (rooms <= 1e-8)).all()


def gaps(content):
    (question,) = parse_bytes(content)["cloze"]
    return [gap for gap in question.gaps if gap.sub_type == "NUMERICAL"]


@each_kind
def test_moodle_has_a_gap_for_every_number_with_the_tolerance_of_the_rounding(client, kind):
    values, halves = expected(client, **kind)
    pairs = [gap.options[0].answer.split(":") for gap in gaps(file_of(client, "moodle", **kind))]
    found = np.array([float(value) for value, _ in pairs])
    rooms = np.array([float(room) for _, room in pairs])
    np.testing.assert_array_equal(found, values)
    assert_accepts_honest_rounding(values, halves, found - rooms, found + rooms)


def test_moodle_names_a_known_mistake_and_gives_it_nothing(client):
    given = client.post("/exercises", json={"seed": SEED}).json()["given"]
    first = gaps(file_of(client, "moodle"))[0]
    wrong = {float(one.answer.split(":")[0]): one for one in first.options[1:]}
    weighed = float(np.dot(given["network"]["layers"][0]["weights"][0], given["x"]))
    assert wrong[round(weighed, 3)].feedback == FORGOTTEN_BIAS
    assert {one.score for one in first.options} == {0, 100}


def test_moodle_numerical_questions_have_the_same_numbers_as_the_gaps(client):
    root = ElementTree.fromstring(file_of(client, "moodle_numerical"))  # noqa: S314 - ours
    questions = [one for one in root if one.get("type") == "numerical"]
    pairs = [
        ":".join((one.findtext("answer/text"), one.findtext("answer/tolerance")))
        for one in questions
    ]
    assert pairs == [gap.options[0].answer for gap in gaps(file_of(client, "moodle"))]
    fractions = [answer.get("fraction") for one in questions for answer in one.findall("answer")]
    assert set(fractions) == {"0", "100"}


@each_kind
def test_canvas_items_have_the_numbers_of_the_key(client, tmp_path, kind):
    values, halves = expected(client, **kind)
    package = tmp_path / "quiz.zip"
    package.write_bytes(file_of(client, "qti", **kind))
    folder = qti2latex.extract_zip_to_tmp(package)
    try:
        (assessment,) = qti2latex.read_qti_dir(Path(folder))
        items = qti2latex.findall_anyns(ElementTree.parse(assessment).getroot(), "item")  # noqa: S314
    finally:
        rmtree(folder)
    task, *numbers = items
    assert qti2latex.get_qti_metadata(task)["question_type"] == "text_only_question"
    assert "Tasks" in qti2latex.get_item_stem(task)
    metadata = [qti2latex.get_qti_metadata(item) for item in numbers]
    assert {one["question_type"] for one in metadata} == {"numerical_question"}
    assert all(int(one["points_possible"]) > 0 for one in metadata)
    found = [float(one) for item in numbers for one in qti2latex.get_correct_idents(item)]
    np.testing.assert_array_equal(found, values)
    bounds = [
        [float(qti2latex.findall_anyns(item, tag)[0].text) for item in numbers]
        for tag in ("vargte", "varlte")
    ]
    assert_accepts_honest_rounding(values, halves, *bounds)


def test_canvas_shows_the_sentence_of_a_mistake_and_scores_only_what_is_right(client):
    with ZipFile(BytesIO(file_of(client, "qti"))) as archive:
        name = next(name for name in archive.namelist() if name != "imsmanifest.xml")
        manifest = archive.read("imsmanifest.xml").decode()
        root = ElementTree.fromstring(archive.read(name))  # noqa: S314 - ours
    assert f'href="{name}"' in manifest
    assert re.fullmatch(r"(g[0-9a-f]{32})/\1.xml", name)  # as Canvas names its own
    item = qti2latex.findall_anyns(root, "item")[1]
    feedback = qti2latex.findall_anyns(item, "itemfeedback")
    assert FORGOTTEN_BIAS in {qti2latex.findall_anyns(one, "mattext")[0].text for one in feedback}
    shown = {one.get("linkrefid") for one in qti2latex.findall_anyns(item, "displayfeedback")}
    assert shown == {one.get("ident") for one in feedback}
    assert len(qti2latex.findall_anyns(item, "setvar")) == 1


@each_kind
def test_a_prairielearn_folder_has_an_input_for_every_number(client, kind):
    values, halves = expected(client, **kind)
    with ZipFile(BytesIO(file_of(client, "prairielearn", **kind))) as archive:
        info, question = (archive.read(name).decode() for name in archive.namelist())
    assert json.loads(info)["type"] == "v3"
    inputs = re.findall(r"<pl-number-input ([^>]*)>", question)
    attributes = [dict(re.findall(r'([a-z-]+)="([^"]*)"', one)) for one in inputs]
    found = np.array([float(one["correct-answer"]) for one in attributes])
    rooms = np.array([float(one["atol"]) for one in attributes])
    np.testing.assert_array_equal(found, values)
    assert_accepts_honest_rounding(values, halves, found - rooms, found + rooms)
    assert len({one["answers-name"] for one in attributes}) == len(values)
    assert {(one["rtol"], one["comparison"]) for one in attributes} == {("0", "relabs")}


@pytest.mark.parametrize("name", EXERCISE_FORMATS)
def test_the_same_request_gives_the_same_file_and_an_address_gives_it_too(client, name):
    question = {"kind": "forward", "count": 2}
    content = file_of(client, name, **question)
    assert content == file_of(client, name, **question)
    address = client.get("/exercises", params=question | {"seed": SEED, "format": name})
    assert address.content == content
    assert "attachment" in address.headers["Content-Disposition"]


def test_a_title_with_markup_stays_a_title(client):
    title = 'Sheet <4> & "more" #1 ~ {x}'
    question = {"kind": "forward", "title": title}
    (cloze,) = parse_bytes(file_of(client, "moodle", **question))["cloze"]
    assert cloze.name.startswith(title)
    with ZipFile(BytesIO(file_of(client, "qti", **question))) as archive:
        root = ElementTree.fromstring(archive.read(archive.namelist()[1]))  # noqa: S314 - ours
    assert root[0].get("title").startswith(title)
    with ZipFile(BytesIO(file_of(client, "prairielearn", **question))) as archive:
        assert json.loads(archive.read(archive.namelist()[0]))["title"] == title
