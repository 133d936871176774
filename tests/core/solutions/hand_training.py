"""A training whose iterations fit on paper."""

from hand_questions import hand_question

from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig


def hand_training(optimizer, samples=5, **choices):
    """The question, its configuration where `choices` do not say otherwise, and the start."""
    asked = hand_question(3, (2, 3, 1), samples=samples)
    usual = {"iterations": 12, "batch_size": 2, "seed": 4}
    config = TrainingConfig(
        sizes=asked.network.sizes,
        activations=("sigmoid", "sigmoid"),
        optimizer=optimizer,
        **(usual | choices),
    )
    return asked, config, first_checkpoint(config, asked.layers)
