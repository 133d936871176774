"""The report of /check as a page: its whole text, its marks, and what hints hold back."""

import base64
import re
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden" / "report-of-the-sheet.md"
ANSWERS = {
    "loss": 0.23,
    "layers": [
        {"s": [-0.1, -2.4, 2.2], "x": [0.475, 0.083, 0.9], "delta": [0.012, None, -0.003]},
        {
            # The bias of layer 2 forgotten, and on with that; one digit fewer in ∂E/∂b.
            "s": [0.387, 0.522],
            "x": [0.596, 0.628],
            "delta": [0.144, -0.087],
            "weights_gradient": [[0.068, 0.012, 0.130], [-0.041, -0.007, -0.079]],
            "biases_gradient": ["0.14", -0.087],
            "updated_weights": [[0.366, 0.194, 0.135], [0.121, 0.304, 0.54]],
        },
    ],
}


@pytest.fixture(scope="session")
def question(sheet):
    return {
        "network": sheet["network"],
        "x": [1, 2],
        "y": [0, 1],
        "eta": 0.5,
        "decimals": 3,
        "answers": ANSWERS,
    }


def page(client, question, media_type="text/markdown"):
    response = client.post("/check", json=question, headers={"Accept": media_type})
    assert response.status_code == 200, response.text
    return response.text


def readable(markdown):
    """The page, with the words of its drawing in place of the drawing's data."""
    data = re.compile(r"data:image/svg\+xml;base64,(\S+)")

    def words(found):
        drawing = base64.b64decode(found[1]).decode()
        return " / ".join(re.findall(r"<text[^>]*>([^<]*)<", drawing))

    return data.sub(words, markdown)


def test_the_text_of_the_report_is_the_one_that_was_read(client, question):
    # By hand, with the bias forgotten: s⁽²⁾ is 0.387, 0.522, and E = ½ (0.596² + 0.372²) = 0.247,
    # so that 0.23 is wrong; δ⁽¹⁾₃ is (0.2 · 0.144 - 0.5 · 0.087) 0.9 · 0.1 = -0.001, not -0.003.
    assert readable(page(client, question)) == GOLDEN.read_text(encoding="utf-8")


def test_every_form_has_the_same_marks(client, question):
    counts = {
        "text/markdown": (r"\checkmark", r"\boldsymbol{\times}", r"\hookrightarrow"),
        "application/x-tex": (r"\checkmark", r"\boldsymbol{\times}", r"\hookrightarrow"),
        "text/html": ("✓</mtext>", "✗</mtext>", "↪</mtext>"),
    }
    answer = client.post("/check", json=question).json()
    expected = [answer["correct"], answer["wrong"], answer["follows"]]
    for media_type, marks in counts.items():
        text = page(client, question, media_type)
        numbers = text.split("not handed in.")[-1].split("The first slip")[0]
        assert [numbers.count(mark) for mark in marks] == expected, media_type


@pytest.mark.parametrize("hints", [0, 1])
def test_hints_hold_back_the_numbers_that_should_stand_there(client, question, hints):
    text = page(client, question | {"hints": hints})
    assert ("The bias was not added." in text) == (hints == 1)
    assert "-0.213" not in text.replace("−", "-")
    assert "## The first slip" in text if hints else "## The first slip" not in text
