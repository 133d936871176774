"""Mistakes of the forward pass."""

from collections.abc import Iterator

from core.solutions.calculation.activations import BY_HAND, SIGMOID_VALUE
from core.solutions.calculation.functions import ABSOLUTE, EXPONENTIAL, Numbers, tangent
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import (
    Mistake,
    Mistaken,
    Variants,
    changing,
    family,
    mistake,
    reading,
    transposed,
)


def _biases_for_each_input(f: Formula, v: Values) -> Numbers:
    return f({**v, "biases": v["biases"] * v["x_below"].shape[1]})


def _instead(name: str) -> Mistaken:
    return lambda f, v: BY_HAND[name].value(v["s"])


def _of_another_layer(role: str) -> Variants:
    """What has the same shape in another layer, read in place of this one's."""

    def variants(v: Values) -> Iterator[Mistaken]:
        for other in v:
            if other.startswith(f"{role}_of_"):
                yield reading(**{role: other})

    return variants


def _slope_instead(f: Formula, v: Values) -> Numbers:
    return f(v) * (1 - f(v))


IN_THE_WEIGHING: tuple[Mistake, ...] = (
    mistake(
        "bias_forgotten",
        "The bias was not added.",
        "s",
        changing("biases", lambda biases: biases * 0),
    ),
    mistake(
        "bias_subtracted",
        "The bias was subtracted instead of added.",
        "s",
        changing("biases", lambda biases: -biases),
    ),
    mistake(
        "bias_added_for_each_input",
        "The bias was added once for each input instead of once.",
        "s",
        _biases_for_each_input,
    ),
    mistake(
        "weights_transposed",
        "The weights were read by columns: the transposed matrix was used.",
        "s",
        changing("weights", transposed),
    ),
    mistake(
        "activation_below_forgotten",
        "s of the layer below was weighed instead of its x.",
        "s",
        reading(x_below="s_below"),
        needs="s_below",
    ),
    mistake(
        "input_weighed_again",
        "The input of the network was weighed instead of x of the layer below.",
        "s",
        reading(x_below="input"),
        needs="input",
    ),
    family(
        "bias_of_another_layer",
        "The bias of another layer was added.",
        "s",
        _of_another_layer("biases"),
    ),
    family(
        "weights_of_another_layer",
        "The weights of another layer were used.",
        "s",
        _of_another_layer("weights"),
    ),
)

IN_THE_ACTIVATION: tuple[Mistake, ...] = (
    mistake(
        "activation_forgotten",
        "s was taken over as x: the activation was not applied.",
        "x",
        lambda f, v: v["s"],
    ),
    mistake(
        "relu_instead_of_sigmoid",
        "ReLU was applied, but the layer has the sigmoid.",
        "x",
        _instead("relu"),
        functions="sigmoid",
    ),
    mistake(
        "sigmoid_instead_of_relu",
        "The sigmoid was applied, but the layer has ReLU.",
        "x",
        _instead("sigmoid"),
        functions="relu leaky_relu",
    ),
    mistake(
        "tanh_instead_of_sigmoid",
        "tanh was applied, but the layer has the sigmoid.",
        "x",
        _instead("tanh"),
        functions="sigmoid",
    ),
    mistake(
        "sigmoid_instead_of_other",
        "The sigmoid was applied, but the layer has another activation.",
        "x",
        _instead("sigmoid"),
        functions="tanh identity softplus softmax",
    ),
    mistake(
        "relu_instead_of_leaky_relu",
        "ReLU was applied, but the layer's activation leaks.",
        "x",
        _instead("relu"),
        functions="leaky_relu softplus",
    ),
    mistake(
        "sign_of_the_exponent_turned",
        "The exponent has the wrong sign: 1 / (1 + e^s) instead of 1 / (1 + e^-s).",
        "x",
        lambda f, v: SIGMOID_VALUE(-v["s"]),
        functions="sigmoid",
    ),
    mistake(
        "reciprocal_forgotten",
        "The reciprocal is missing: 1 + e^-s instead of 1 / (1 + e^-s).",
        "x",
        lambda f, v: 1 + EXPONENTIAL(-v["s"]),
        functions="sigmoid",
    ),
    mistake(
        "multiplied_by_s",
        "s was multiplied in: s / (1 + e^-s) instead of 1 / (1 + e^-s).",
        "x",
        lambda f, v: v["s"] * f(v),
        functions="sigmoid",
    ),
    mistake(
        "tangent_instead_of_tanh",
        "The tangent was taken instead of the hyperbolic tangent tanh.",
        "x",
        lambda f, v: tangent(v["s"]),
        functions="tanh",
    ),
    mistake(
        "activation_applied_twice",
        "The activation was applied twice.",
        "x",
        lambda f, v: f({"s": f(v)}),
        functions="sigmoid tanh softplus",
    ),
    mistake(
        "slope_instead_of_value",
        "σ′(s) was computed instead of σ(s).",
        "x",
        _slope_instead,
        functions="sigmoid",
    ),
    mistake(
        "absolute_value_instead_of_relu",
        "The sign was dropped: |s| instead of max(s, 0).",
        "x",
        lambda f, v: ABSOLUTE(v["s"]),
        functions="relu leaky_relu",
    ),
    mistake(
        "softmax_not_normalised",
        "The powers were not divided by their sum.",
        "x",
        lambda f, v: EXPONENTIAL(v["s"]),
        functions="softmax",
    ),
)
