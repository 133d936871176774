"""Endpoints of the model registry."""
