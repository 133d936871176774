"""Metrics for Prometheus, the access log, and traces."""
