"""Durable background jobs: database rows, dispatcher, leases and executors."""
