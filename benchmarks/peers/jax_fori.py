"""JAX, all iterations as one compiled loop: nothing of Python between them, and no losses kept."""

import jax
import jax.numpy as jnp
import numpy as np
from peers.jax_jit import JaxJit, step
from problem import Parameters, Problem


class JaxFori:
    """The step of `JaxJit` inside `fori_loop`; every epoch has the order of the first."""

    name = "JAX fori_loop"
    least = 1

    def __init__(self, problem: Problem) -> None:
        self.state = JaxJit(problem).state
        x, y = map(jnp.asarray, problem.data())
        names, batch = problem.specification.activations, problem.batch_size or problem.samples
        order = jnp.asarray(problem.specification.epoch_rows(np.arange(problem.samples), 0))

        def iterate(number, state):
            samples = (x, y)
            if batch < problem.samples:
                start = number % (problem.samples // batch) * batch
                rows = jax.lax.dynamic_slice_in_dim(order, start, batch)
                samples = (x[rows], y[rows])
            return step(names, problem.loss, problem.optimizer, state, *samples)[0]

        self.loop = jax.jit(
            lambda count, state: jax.lax.fori_loop(0, count, iterate, state), donate_argnums=1
        )

    def run(self, iterations: int) -> None:
        """Train on, and wait for the end."""
        self.state = jax.block_until_ready(self.loop(iterations, self.state))

    def parameters(self) -> Parameters:
        """Now."""
        return list(self.state[0])
