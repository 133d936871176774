"""Any iteration of a training worked out: its batch, its numbers, its update."""

import numpy as np
import pytest
from hand_questions import hand_question
from hand_training import hand_training

from core.errors import OutOfDomain, TooLong
from core.nn.initialization import initial_layers
from core.solutions.iteration_solution import replayed_solution
from core.solutions.renderers.html import html
from core.solutions.renderers.latex import latex
from core.solutions.renderers.markdown import markdown
from core.solutions.rounding import Rounding, as_floats
from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import Adam, GradientDescent, Momentum
from core.training.trainer import LocalTrainer


@pytest.mark.parametrize("number", [1, 2, 3, 7, 12])
def test_the_update_on_paper_is_the_one_that_training_made(number):
    asked, specification, start = hand_training(GradientDescent(eta=0.5))
    document = replayed_solution(specification, asked.x, asked.y, start, number, Rounding(10))
    run = LocalTrainer(specification, asked.x, asked.y, start)
    run.run(number)
    trained = run.checkpoint().layers(specification)
    steps = {step.id: step for step in document.steps}
    for layer, after in enumerate(trained):
        # Shown to ten decimals, from parameters that are rounded to as many.
        for name, numbers in (("weights", after.weights), ("biases", after.biases)):
            shown = as_floats(steps[f"layers/{layer}/updated_{name}"].value)
            np.testing.assert_allclose(shown, numbers, rtol=0, atol=0.5e-10 + 1e-14)


@pytest.mark.parametrize("optimizer", [Momentum(eta=0.1), Adam(eta=0.1)])
def test_an_optimizer_with_moments_shows_its_rule_and_its_outcome(optimizer):
    asked, specification, start = hand_training(optimizer)
    document = replayed_solution(specification, asked.x, asked.y, start, 4, Rounding(4))
    run = LocalTrainer(specification, asked.x, asked.y, start)
    run.run(4)
    bias = run.checkpoint().layers(specification)[1].biases[0]
    for write in (markdown, latex, html):
        assert f"{abs(bias):.4f}" in write(document)
        assert "Update" in write(document)


def test_the_page_says_which_samples_the_batch_has():
    asked, specification, start = hand_training(GradientDescent(eta=0.5))
    first = markdown(replayed_solution(specification, asked.x, asked.y, start, 1, Rounding()))
    one, other = specification.batch_rows(5, 0) + 1
    assert f"The batch has the samples {one} and {other} of the data." in first
    assert first.startswith("# Iteration 1 of 12\n")
    # Five samples in twos: the third batch has what is left.
    third = markdown(replayed_solution(specification, asked.x, asked.y, start, 3, Rounding()))
    (alone,) = specification.batch_rows(5, 2) + 1
    assert f"The batch is sample {alone} of the data." in third


def test_a_batch_too_large_for_paper_is_refused_before_anything_is_trained():
    asked, specification, start = hand_training(GradientDescent(), batch_size=None, samples=400)
    with pytest.raises(TooLong, match="numbers long"):
        replayed_solution(specification, asked.x, asked.y, start, 1, Rounding())


def test_an_iteration_that_was_never_made_is_refused():
    asked, specification, start = hand_training(GradientDescent())
    with pytest.raises(OutOfDomain, match="after 12 iterations"):
        replayed_solution(specification, asked.x, asked.y, start, 13, Rounding())


def weighted_training(loss, last, batch_size, weights):
    """Two epochs of samples with weights, in y behind the targets."""
    asked = hand_question(3, (2, 3, 2), samples=len(weights))
    specification = TrainingConfig(
        sizes=(2, 3, 2),
        activations=("sigmoid", last),
        loss=loss,
        optimizer=GradientDescent(eta=0.5),
        iterations=6,
        batch_size=batch_size,
        is_weighted=True,
    )
    y = np.column_stack([np.eye(2)[np.arange(len(weights)) % 2], weights])
    layers = initial_layers((2, 3, 2), specification.activations, np.random.default_rng(1))
    return asked.x, y, specification, first_checkpoint(specification, layers)


@pytest.mark.parametrize("batch_size", [1, 2, None])
@pytest.mark.parametrize(
    ("loss", "last"),
    [
        ("squared", "sigmoid"),
        ("mean_squared", "softmax"),
        ("binary_cross_entropy", "sigmoid"),
        ("cross_entropy", "softmax"),
        ("cross_entropy", "sigmoid"),
    ],
)
def test_the_update_of_weighted_samples_is_the_one_that_training_made(loss, last, batch_size):
    x, y, specification, start = weighted_training(loss, last, batch_size, [2.0, 0.5, 0.0, 3.0])
    document = replayed_solution(specification, x, y, start, 3, Rounding(10))
    run = LocalTrainer(specification, x, y, start)
    history = run.run(3)["loss"]
    steps = {step.id: step for step in document.steps}
    for layer, after in enumerate(run.checkpoint().layers(specification)):
        for name, numbers in (("weights", after.weights), ("biases", after.biases)):
            shown = as_floats(steps[f"layers/{layer}/updated_{name}"].value)
            np.testing.assert_allclose(shown, numbers, rtol=0, atol=0.5e-10 + 1e-14)
    shown_loss = float(as_floats(steps["loss"].value))
    assert shown_loss == pytest.approx(history[2], abs=1e-10)


def test_the_weights_of_samples_are_named_and_put_in():
    x, y, specification, start = weighted_training("squared", "sigmoid", None, [2.0, 0.5])
    text = markdown(replayed_solution(specification, x, y, start, 1, Rounding(4)))
    assert "E is multiplied by the weight each sample has, $c$." in text
    assert "$c = 2$" in text or "c = 2" in text
    assert r"0.5 \cdot \left(" in text
    for write in (latex, html):
        assert "multiplied by the weight" in write(
            replayed_solution(specification, x, y, start, 1, Rounding(4))
        )
