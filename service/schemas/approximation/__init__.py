"""Schemas of function approximation."""
