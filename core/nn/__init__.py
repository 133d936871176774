"""Layers, activations, losses, forward pass and backpropagation: the reference formulas."""
