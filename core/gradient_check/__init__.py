"""Numerical gradients that confirm backpropagation."""
