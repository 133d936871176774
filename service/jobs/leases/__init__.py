"""Leases with fencing tokens: at most one writer of a job."""
