"""Formulas on the page: functions by name, roots, spaces, parentheses, and where lines break."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_documents import sample_documents

from core.approximation.formula.formula import parse
from core.solutions.derivation.relu.function import function_formula
from core.solutions.notation.breaks import broken
from core.solutions.notation.mathml import mathml
from core.solutions.notation.tex import tex
from core.solutions.notation.tree import Fenced, Fraction, Mark, Number, Root, joined, matrix, row
from core.solutions.notation.width import width
from core.solutions.relu_solution import relu_solution
from core.solutions.renderers.latex import latex
from core.solutions.rounding import Rounding


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("sin(x)", r"\operatorname{sin} \left( x \right)"),
        ("sqrt(x + 2)", r"\sqrt{x + 2}"),
        ("exp(-x)", r"e^{- x}"),
        ("x / (1 + abs(x))", r"\frac{x}{1 + | x |}"),
        ("2 * pi * x**2", r"2 \cdot \pi \cdot x^{2}"),
        ("(x + 1) * (x - 1)", r"\left( x + 1 \right) \cdot \left( x - 1 \right)"),
        ("x - (1 - x)", r"x - \left( 1 - x \right)"),
        ("log(x) ** 2", r"\left( \ln \left( x \right) \right)^{2}"),
    ],
)
def test_a_function_is_written_as_in_a_book(formula, written):
    assert tex(function_formula(parse(formula).tree)(Mark("x"))) == written


def test_a_negative_argument_keeps_its_sign_apart_from_the_operators():
    f = function_formula(parse("x**2 - exp(-x) * x").tree)
    assert tex(f(Number("-1"))) == (
        r"\left( -1 \right)^{2} - e^{- \left( -1 \right)} \cdot \left( -1 \right)"
    )


def test_the_solution_of_sin_names_it_and_puts_the_points_in():
    grid = np.linspace(0.0, 1.0, 3)
    function = function_formula(parse("sin(x)").tree)
    text = latex(relu_solution(grid, np.sin(grid), Rounding(3), (0.0, 1.0), function=function))
    sine = r"\operatorname{sin} \left( {} \right)"
    assert f"f ( x ) = {sine.replace('{}', 'x')}" in text
    for argument in ("x_{i}", "0", "0.5", "1"):
        assert sine.replace("{}", argument) in text


def test_a_square_root_is_a_sign():
    assert mathml(Root(Number("2"))) == "<math><msqrt><mn>2</mn></msqrt></math>"


def test_factors_and_function_names_have_a_space_between_them():
    space = '<mspace width="0.17em"/>'
    for product in (
        row("eta", Fraction(row("a"), row("b"))),
        row(Number("3"), "ln", "x"),
        row("x", Fenced(row("a", "plus", "b"))),
    ):
        assert space in mathml(product)
    for plain in (row("ReLU", "(", "x", ")"), row("a", "plus", "b"), row("partial", "x")):
        assert space not in mathml(plain)


def test_parentheses_grow_with_a_sum_and_with_fractions_inside():
    tall = Fenced(row(Fraction(row(1), row(2)), "plus", "x"))
    assert 'class="matrix tall"' in mathml(tall)
    assert 'class="matrix tall"' in mathml(Fenced(Root(tall.inside)))
    assert 'class="matrix tall"' not in mathml(Fenced(row("x", "plus", 1)))


NUMBERS = st.integers(-999, 999).map(lambda n: Number(str(n)))
SUMS = st.lists(NUMBERS, min_size=1, max_size=30).map(lambda terms: joined(terms, "plus"))
FORMULAS = st.one_of(
    SUMS,
    SUMS.map(Fenced),
    st.tuples(SUMS, NUMBERS).map(lambda pair: Fraction(*pair)),
    st.lists(SUMS.map(Fenced), min_size=1, max_size=5).map(lambda items: joined(items, "minus")),
)


@settings(deadline=None, max_examples=60)
@given(formula=FORMULAS, room=st.floats(20.0, 80.0))
def test_a_broken_formula_fits_its_lines_and_loses_nothing(formula, room):
    lines = broken(row("equals", formula), room)
    assert max(map(width, lines)) <= room
    numbers = re.findall(r"\d+", tex(formula))
    assert [n for line in lines for n in re.findall(r"\d+", tex(line))] == numbers
    opened = "".join(map(tex, lines))
    assert opened.count("(") == opened.count(")")


def test_a_line_begins_with_an_operator_and_never_within_the_argument_of_a_function():
    call = row("ReLU", "(", "x", "minus", Number("0.123"), ")")
    column = matrix([[Number("0.12345")], [Number("0.5")]])
    lines = broken(row("equals", call, "plus", call, "plus", column), 18.0)
    assert [tex(line).split()[0] for line in lines] == ["=", "+", "+"]
    assert all(tex(line).count("(") == tex(line).count(")") for line in lines)


def test_means_over_a_batch_say_that_the_numbers_put_in_are_rounded():
    batch = sample_documents()["batch-exact"]
    means = [step for step in batch.steps if step.sample is None and "updated" not in step.id]
    assert len(means) == 5
    for step in means:
        assert tex(step.links[1]).startswith(r"\approx")


def test_every_formula_is_well_formed_mathml():
    for document in sample_documents().values():
        for step in document.steps:
            ElementTree.fromstring(mathml(step.formula))  # noqa: S314 - ours
