"""Measured errors and proved error bounds of an approximation."""
