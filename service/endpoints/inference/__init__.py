"""Endpoints of the Open Inference Protocol, version 2."""
