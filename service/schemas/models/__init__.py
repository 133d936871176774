"""Requests and responses of the model registry and of predictions."""
