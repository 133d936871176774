"""Pydantic models of requests, and dataclasses of responses."""
