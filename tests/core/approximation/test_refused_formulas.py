"""What is not a formula is refused, with the character at which it stops being one."""

import re
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.approximation.formula.formula import Formula, parse
from core.errors import InvalidFormula

REFUSED = [
    ("", 1, "ends where"),
    ("   ", 1, "ends where"),
    ("x +", 4, "ends where"),
    ("x and", 6, "ends where"),
    ("2x", 2, "product with *: 2*x"),
    ("2π", 2, "product with *: 2*pi"),
    ("sin x", 5, "write sin(x)"),
    ("1 + ln 2x", 8, "write ln(2)"),
    ("|x|", 1, "abs(x)"),
    ("√x", 1, "sqrt(x)"),
    ("x!", 2, "factorials"),
    ("²x", 1, "not expected"),
    ("x²³²2", 5, "product with *"),
    ("x y", 3, "product with *"),
    ("(x)(x)", 4, "product with *"),
    ("   2 x", 6, "product with *"),
    ("sin^2(x)", 6, "written sin(x)^2"),
    ("cos²(x)", 5, "written cos(x)^2"),
    ("np.sin(x)", 3, "without a module"),
    ("y = x", 3, "right-hand side"),
    ("x ≤ 1", 3, "write <="),
    ("\\frac{1}{x}", 1, "LaTeX"),
    ("x^{2}", 3, "write ( and )"),
    ("t^2", 1, "the variable of a formula is x"),
    ("1,5*x", 1, "decimal point"),
    ("pi(x)", 1, "product with *: pi*(…)"),
    ("1_000", 2, "product with *"),
    ("0x10", 2, "product with *"),
    ("1j", 2, "product with *"),
    ("x(2)", 1, "product with *: x*(…)"),
    ("foo(x)", 1, "did you mean 'floor'"),
    ("x + sni(x)", 5, "did you mean 'sin'"),
    ("__import__(1)", 1, "not a known function"),
    ("x^2 + X", 7, "did you mean 'x'"),
    ("x^2^2 + sin", 9, "write sin(…)"),
    ("x.real", 2, "without a module"),
    ("x..2", 2, "no digit beside it"),
    ("1 + 1e999", 5, "beyond what a float can hold"),
    ("9" * 400, 1, "beyond what a float can hold"),
    ("007", 1, "not understood"),
    ("sin()", 1, "takes 1 argument, got 0"),
    ("1 + sin(x, 1)", 5, "takes 1 argument, got 2"),
    ("min(x)", 1, "takes 2 or more"),
    ("where(x < 1, 1)", 1, "takes 3 arguments, got 2"),
    ("sin(x=1)", 6, "comparisons are written"),
    ("sin(*x)", 5, "not expected"),
    ("sin(**x)", 5, "not expected"),
    ("sin(^x)", 5, "not expected"),
    ("sin(x,)", 7, "not expected"),
    ("sin(,)", 5, "not expected"),
    ("x + * 2", 5, "not expected"),
    ("x ^^ 2", 4, "not expected"),
    ("x^*2", 3, "not expected"),
    ("*x", 1, "not expected"),
    ("x not x", 3, "not expected"),
    ("x//2", 3, "not expected"),
    ("x<<2", 3, "not expected"),
    ("x->1", 3, "not expected"),
    ("()", 1, "empty"),
    ("x, 1", 1, "list of values"),
    ("1 + (x, 1)", 5, "list of values"),
    ("x + (x < 1)", 6, "is a condition"),
    ("not x", 1, "is a condition"),
    ("where(x, 1, 2)", 7, "a condition such as"),
    ("where(x^2^3 < 1 and x, 1, 2)", 21, "a condition such as"),
    ("where((x < 1) < 2, 1, 2)", 8, "is a condition"),
    ("where(x < 1, x < 2, 2)", 14, "is a condition"),
    ("where(1 < not x, 1, 2)", 11, "not understood"),
    ("(x", 1, "never closed"),
    ("sin(cos(x)", 4, "never closed"),
    ("x)", 2, "never opened"),
    ("(" * 101 + "x" + ")" * 101, 101, "nested deeper than 100"),
    ("'a'", 1, "no meaning"),
    ('f"{x}"', 2, "no meaning"),
    ("x\n+1", 2, "no meaning"),
    ("x # a", 3, "no meaning"),
    ("x\\", 2, "LaTeX"),
    ("x\0", 2, "no meaning"),
    ("(x:=1)", 3, "no meaning"),
    ("[1]", 1, "write ( and )"),
    ("x if x else x", 3, "not part of formulas"),
    ("lambda", 1, "not part of formulas"),
    ("None", 1, "not part of formulas"),
    ("x · ξ", 5, "ASCII"),
    ("𝐱", 1, "ASCII"),
    ("x\ud800", 2, "ASCII"),
    ("x" * 1001, 1001, "at most 1000"),
]


@pytest.mark.parametrize(("text", "character", "why"), REFUSED)
def test_the_refusal_names_the_character_and_the_reason(text, character, why):
    with pytest.raises(InvalidFormula) as refused:
        parse(text)
    assert refused.value.detail.startswith(f"at character {character}: ")
    assert why in refused.value.detail
    assert refused.value.place == ("function",)
    assert refused.value.detail.isprintable()


@pytest.mark.parametrize(
    "text", ["-" * 50_000 + "x", "x" + "+x" * 50_000, "x" + "**x" * 50_000, "not " * 9000 + "x"]
)
def test_no_depth_exhausts_the_stack(text):
    with pytest.raises(InvalidFormula):
        parse(text, max_length=len(text))


PIECES = [
    *("x", "1", ".5", "1e9", "(", ")", ",", "^", "**", "*", "/", "//", "-", "+", "%", "<", "=="),
    *("!=", "=", "sin(", "where(", "min(", "and", "or", "not", "e", "pi", "if", "_", "0"),
]
fragments = st.lists(
    st.one_of(st.sampled_from([*PIECES, " "]), st.text(max_size=2)), max_size=25
).map("".join)


@given(text=st.one_of(st.text(max_size=60), fragments))
@example("1if x else 2")
@example("0or x")
def test_any_text_is_a_formula_or_is_refused_at_a_character(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            assert isinstance(parse(text), Formula)
        except InvalidFormula as refused:
            character = int(re.match(r"at character (\d+): ", refused.detail)[1])
            assert 1 <= character <= len(text) + 1
