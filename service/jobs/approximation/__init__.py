"""Approximation jobs: one call that computes the whole result."""
