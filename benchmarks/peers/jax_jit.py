"""JAX, one compiled function for a step."""

from functools import partial

import jax
import jax.numpy as jnp
from problem import Parameters, Problem

from core.training.optimizers import Adam

jax.config.update("jax_enable_x64", True)
FUNCTIONS = {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu, "softmax": lambda s: s}


def loss_of(names, loss, parameters, x, y):
    """Mean E; softmax is part of the cross entropy."""
    for (w, b), name in zip(parameters, names, strict=True):
        x = FUNCTIONS[name](x @ w.T + b)
    if loss == "squared":
        return 0.5 * jnp.sum((x - y) ** 2) / len(x)
    return -jnp.sum(y * jax.nn.log_softmax(x)) / len(x)


@partial(jax.jit, static_argnums=(0, 1, 2), donate_argnums=(3,))
def step(names, loss, optimizer, state, x, y):
    """One step; the state is the parameters, and for Adam its moments and its iteration."""
    parameters, moments, t = state
    value, gradient = jax.value_and_grad(partial(loss_of, names, loss))(parameters, x, y)
    if not isinstance(optimizer, Adam):
        parameters = jax.tree.map(lambda p, g: p - optimizer.eta * g, parameters, gradient)
        return (parameters, moments, t), value
    t, b1, b2 = t + 1, optimizer.beta1, optimizer.beta2
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, moments[0], gradient)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, moments[1], gradient)
    rate, c = optimizer.eta / (1 - b1**t), jnp.sqrt(1 - b2**t)
    parameters = jax.tree.map(
        lambda p, m, v: (p - rate * m / (jnp.sqrt(v) / c + optimizer.epsilon)).astype(p.dtype),
        parameters, m, v,
    )  # fmt: skip
    return (parameters, (m, v), t), value


class JaxJit:
    """The state stays on the device."""

    name = "JAX jit"
    least = 1

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.x, self.y = map(jnp.asarray, problem.data())
        self.batches = problem.batches()
        parameters = [(jnp.asarray(w), jnp.asarray(b)) for w, b in problem.parameters()]
        zeros = partial(jax.tree.map, jnp.zeros_like, parameters)
        moments = (zeros(), zeros()) if isinstance(problem.optimizer, Adam) else ()
        self.state = parameters, moments, jnp.zeros((), jnp.float64)
        self.losses = []

    def run(self, iterations: int) -> None:
        """Train on, and wait for the end."""
        problem = self.problem
        names = problem.specification.activations
        x, y = self.x, self.y
        for _ in range(iterations):
            rows = next(self.batches)
            if problem.batch_size:
                x, y = self.x[rows], self.y[rows]
            self.state, loss = step(names, problem.loss, problem.optimizer, self.state, x, y)
            self.losses.append(loss)
        jax.block_until_ready(self.state)

    def parameters(self) -> Parameters:
        """Now."""
        return list(self.state[0])
