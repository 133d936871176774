"""Trainings to compare: a question with its specification, and the same loop written naively."""

from dataclasses import replace

import numpy as np
from random_networks import Question

from core.nn.backprop import backprop
from core.nn.layer import Layer
from core.nn.parameters import flatten, unflatten
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import Adam, GradientDescent, Momentum
from core.training.trainer import LocalTrainer

OPTIMIZERS = {
    "gradient_descent": GradientDescent(eta=0.1),
    "momentum": Momentum(eta=0.05, momentum=0.8),
    "adam": Adam(eta=0.02),
}


def specified(asked: Question, **choices) -> TrainingConfig:
    """The training of that network with that loss, where `choices` do not say otherwise."""
    return TrainingConfig(
        **{
            "sizes": asked.network.sizes,
            "activations": tuple(layer.activation.name for layer in asked.network.layers),
            "loss": asked.loss.name,
            **choices,
        }
    )


def begun(asked: Question, specification: TrainingConfig) -> LocalTrainer:
    start = first_checkpoint(specification, asked.network.layers)
    return LocalTrainer(specification, asked.x, asked.y, start)


def same_state(one: Checkpoint, other: Checkpoint) -> bool:
    """Whether every bit is the same."""
    mine, yours = vars(one), vars(other)
    return mine.keys() == yours.keys() and all(
        np.asarray(mine[name]).dtype == np.asarray(yours[name]).dtype
        and np.array_equal(mine[name], yours[name])
        for name in mine
    )


def naive(asked: Question, specification: TrainingConfig) -> tuple[tuple[Layer, ...], list[float]]:
    """The textbook's loop, with `backprop`, sample arrays and networks made again each time."""
    layers, losses = asked.network.layers, []
    train, _ = specification.split(len(asked.x))
    batch_size = specification.batch_size or len(train)
    parameters = flatten(layers, np.float64)
    moments = np.zeros((specification.optimizer.moments, len(parameters)))
    gradient = np.empty_like(parameters)
    step = specification.optimizer.bind(parameters, gradient, moments)
    batches: list[np.ndarray] = []
    for iteration in range(1, specification.iterations + 1):
        if not batches:
            epoch = (iteration - 1) // -(-len(train) // batch_size)
            order = specification.epoch_rows(train, epoch) if batch_size < len(train) else train
            batches = [
                order[first : first + batch_size] for first in range(0, len(train), batch_size)
            ]
        rows = batches.pop(0)
        result = backprop(layers, asked.x[rows], asked.y[rows], asked.loss, "mean")
        losses.append(float(result.loss))
        gradient[:] = flatten(
            [
                replace(layer, weights=one.weights, biases=one.biases)
                for layer, one in zip(layers, result.gradients, strict=True)
            ],
            np.float64,
        )
        step(iteration)
        layers = unflatten(parameters, asked.network.sizes, specification.activation_functions)
    return layers, losses
