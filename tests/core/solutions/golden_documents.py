"""Worked solutions, iterations of every optimizer and reports, as Markdown.

`python tests/core/solutions/golden_documents.py` writes the files again after an intended change;
the difference is reviewed with the commit.
"""

from pathlib import Path

import numpy as np
from golden_texts import PICTURE
from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question
from hand_training import hand_training
from sample_documents import sample_documents

from core.conventions import Conventions
from core.nn.losses import SQUARED, get_loss
from core.solutions.calculation.network import backprop_calculation
from core.solutions.checking.check import check
from core.solutions.checking.convention_search import HandProblem
from core.solutions.iteration_solution import replayed_solution
from core.solutions.network_solution import backprop_solution
from core.solutions.renderers.markdown import markdown
from core.solutions.report_document import report_document
from core.solutions.rounding import Rounding
from core.training.optimizers import Adam, GradientDescent, Momentum, Nesterov
from core.training.updates.lbfgs import LBFGS
from core.training.updates.schedules import Cosine

FOLDER = Path(__file__).parent / "golden" / "documents"


def iteration(optimizer, number=3, **choices):
    asked, config, start = hand_training(optimizer, **choices)
    return replayed_solution(config, asked.x, asked.y, start, number, Rounding(4))


def iterations():
    return {
        "momentum": iteration(Momentum(eta=0.1)),
        "nesterov": iteration(Nesterov(eta=0.1)),
        "adam": iteration(Adam(eta=0.1)),
        "decay": iteration(GradientDescent(eta=0.5), weight_decay=0.01),
        "clipped": iteration(GradientDescent(eta=0.5), clip_norm=0.05, schedule=Cosine()),
        "smoothed": iteration(Adam(eta=0.1), label_smoothing=0.1, weight_decay=0.1),
        "lbfgs": iteration(LBFGS(), number=2, batch_size=None),
    }


def conventions():
    books = {
        "error-step": Conventions(delta="error", update="step"),
        "penalty": Conventions(l2=0.3),
    }
    asked = hand_question(8, (2, 2, 1), samples=2)
    return (
        {
            name: backprop_solution(
                SHEET.layers, SHEET_X, SHEET_Y, SQUARED, Rounding(3), eta=0.5, conventions=book
            )
            for name, book in books.items()
        }
        | {
            f"penalty-{reduction}": backprop_solution(
                asked.layers,
                asked.x,
                asked.y,
                SQUARED,
                Rounding(3),
                reduction=reduction,
                conventions=books["penalty"],
            )
            for reduction in ("mean", "sum")
        }
        | {
            "rows": backprop_solution(
                SHEET.layers, SHEET_X, SHEET_Y, SQUARED, Rounding(3), by_rows=True
            ),
            "weighted": backprop_solution(
                asked.layers, asked.x, asked.y, SQUARED, Rounding(3), weights=np.array([1.0, 3.0])
            ),
            "no-loss": backprop_solution(
                SHEET.layers, SHEET_X, np.ones((1, 2)), get_loss("none"), Rounding(3)
            ),
        }
    )


def at(layer, name):
    return ("layers", layer, name)


ANSWERS = {
    "right": {at(0, "s"): [[-0.1, -2.4, 2.2]], at(1, "x"): [[0.45, 0.74]]},
    "first-wrong": {at(0, "s"): [[-0.1, -2.3, 2.2]], at(0, "x"): [[0.48, 0.09, 0.90]]},
    "no-bias": {at(0, "s"): [[-0.3, -2.0, 1.8]], at(1, "x"): [[0.45, 0.74]]},
    "one-layer-up": {at(1, "delta"): [[0.45, -0.26]], at(1, "biases_gradient"): [0.45, -0.26]},
    "nothing": {},
}


def reports():
    calculation = backprop_calculation(SHEET.layers, SHEET_X, SHEET_Y, SQUARED)
    problem = HandProblem(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, "mean", None)
    steps = tuple(backprop_solution(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, Rounding(2)).steps)
    documents = {}
    for name, answers in ANSWERS.items():
        given = {place: np.array(numbers) for place, numbers in answers.items()}
        report = check(calculation, given, Rounding(2), problem)
        for hints in (0, 2):
            documents[f"report-{name}-{hints}"] = report_document(
                report, calculation, SHEET.layers, steps, Rounding(2), hints
            )
    return documents


def texts():
    documents = sample_documents() | iterations() | conventions() | reports()
    return {name: PICTURE.sub(r"\1,…", markdown(document)) for name, document in documents.items()}


def file_of(name):
    return FOLDER / f"{name}.md"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        file_of(name).write_text(text)
