"""Dispatcher: acquires queued jobs, runs them and monitors their leases."""
