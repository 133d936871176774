"""Chainrule itself: the core's loop, and the loop as a job worker runs it."""

import tempfile
from pathlib import Path
from time import process_time

import numpy as np
from problem import Parameters, Problem

from core.training.trainer import LocalTrainer
from service.jobs.training.config_json import to_text
from service.jobs.training.task import train_slice


class Core:
    """`LocalTrainer.run` and nothing else."""

    name = "Chainrule's loop"
    least = 1

    def __init__(self, problem: Problem) -> None:
        self._specification = problem.specification
        self._training = LocalTrainer(problem.specification, *problem.data(), problem.checkpoint())

    def run(self, iterations: int) -> None:
        """Train on."""
        self._training.run(iterations)

    def parameters(self) -> Parameters:
        """Now."""
        layers = self._training.checkpoint().layers(self._specification)
        return [(layer.weights, layer.biases) for layer in layers]


class Worker:
    """Steps of half a second with all that belongs to one: reads of the clock, loss, checkpoint."""

    name = "Chainrule"
    seconds = 0.5

    def __init__(self, problem: Problem) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._data = Path(self._folder.name) / "data.npy"
        np.save(self._data, np.hstack(problem.data()))
        self._specification = to_text(problem.specification)
        self._checkpoint, self._iteration = problem.checkpoint().to_bytes(), 0

    def seconds_per_iteration(self) -> float:
        """One step."""
        begin = process_time()
        step = train_slice(self._specification, self._data, self._checkpoint, self.seconds)
        seconds, made = process_time() - begin, step.iteration - self._iteration
        self._checkpoint, self._iteration = step.checkpoint, step.iteration
        return seconds / made
