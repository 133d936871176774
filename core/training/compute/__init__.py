"""Allocation-free forward and backward passes on preallocated buffers."""
