"""One iteration of a training worked out on paper: its batch, its gradients, its update."""

from jaxtyping import Float

from core.arrays import Array
from core.nn.losses import get_loss
from core.solutions.derivation.optimizer_update import (
    changed_parameters,
    extended_rule,
    update_rule,
)
from core.solutions.document import Document, Equations, Heading, Paragraph
from core.solutions.length_limits import require_page_length
from core.solutions.network_solution import backprop_solution
from core.solutions.rounding import Rounding
from core.solutions.step import Sentence
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import GradientDescent
from core.training.replay import Iteration, replay


def replayed_solution(
    specification: TrainingConfig,
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    checkpoint: Checkpoint,
    number: int,
    rounding: Rounding,
) -> Document:
    """Iteration `number`, from 1, worked out from a checkpoint before it.

    Raises `TooLong` before anything is computed, and what `core.training.replay.replay` raises.
    """
    batch = len(specification.batch_rows(len(x), number - 1))
    require_page_length(specification.sizes, batch, backward=True, update=True)
    seen = replay(specification, x, y, checkpoint, number)
    return iteration_solution(seen, specification, rounding)


def iteration_solution(
    iteration: Iteration, specification: TrainingConfig, rounding: Rounding
) -> Document:
    """The batch, its forward and its backward pass, and what the optimizer made of them.

    Gradient descent is worked out; of momentum and Adam the rule and its outcome are shown, since
    their moments have a history. Raises `TooLong` as `backprop_solution` does.
    """
    optimizer = specification.optimizer
    descends = isinstance(optimizer, GradientDescent) and specification.has_plain_update
    solution = backprop_solution(
        iteration.before,
        iteration.x,
        iteration.y,
        get_loss(specification.loss),
        rounding,
        eta=optimizer.eta if descends else None,
        weights=iteration.weights,
    )
    blocks = [Paragraph(_batch(iteration)), *solution.blocks]
    if not descends:
        more = extended_rule(specification.update_rule, iteration.number, iteration.plateaus)
        blocks += [
            Heading("Update"),
            Paragraph(update_rule(optimizer)),
            *([] if more is None else [Paragraph(more)]),
            Equations(changed_parameters(iteration.after, rounding)),
        ]
    of = f"Iteration {iteration.number} of {specification.iterations}"
    return Document(of, tuple(blocks))


def _batch(iteration: Iteration) -> Sentence:
    """The samples by their number in the data, counted from 1 as people do."""
    *others, last = (str(row + 1) for row in iteration.rows)
    if not others:
        return (f"The batch is sample {last} of the data.",)
    return (f"The batch has the samples {', '.join(others)} and {last} of the data.",)
