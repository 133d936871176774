"""Executors that run calls in worker processes or on a Dask cluster."""
