"""The training loop on panels: products, gradients, activations, losses, optimizers, iterations."""
