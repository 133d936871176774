"""Smallest networks for a tolerance, and the proof that fewer segments are not enough."""
