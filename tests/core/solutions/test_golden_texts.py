"""The words and formulas of every kind of sheet stay as they are until someone changes them."""

import pytest
from golden_sheets import TASKS
from golden_texts import FOLDER, file_of, text_of


@pytest.mark.parametrize("name", TASKS)
def test_the_text_of_a_sheet_is_the_committed_one(name):
    assert text_of(name) == file_of(name).read_text()


def test_every_kind_of_sheet_has_its_text():
    assert {path.stem for path in FOLDER.iterdir()} == TASKS.keys()


@pytest.mark.parametrize("name", TASKS)
def test_a_sheet_defines_what_it_uses_and_says_its_seed_and_its_points(name):
    text = text_of(name).partition("Key of sheet")[0]
    assert "Name: ___" in text
    assert "seed 1" in text
    assert text.count(" points]") + text.count(" point]") == text.count("\n\n(")
    if name == "relu_system":
        assert r"\operatorname{NN} ( x ) =" in text
        assert r"b_{1} = a - h" in text
        return
    assert r"s^{( l )} = w^{( l )} x^{( l - 1 )} + b^{( l )}" in text
    assert r"x^{( l )} = \sigma ( s^{( l )} )" in text
    if name != "forward":
        assert r"\delta^{( l )} = \frac{\partial E}{\partial s^{( l )}}" in text
        assert "The loss is" in text
    assert (r"\eta" in text) == (name == "update")
    assert (r"w^{\prime ( l )} = w^{( l )} - \eta" in text) == (name == "update")
