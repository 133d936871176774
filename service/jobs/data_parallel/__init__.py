"""Data-parallel training: shards of each batch on several workers."""
