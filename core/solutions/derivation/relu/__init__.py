"""Derivation of a ReLU network through grid points, step by step."""
