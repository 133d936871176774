"""Data-parallel training: shards of each batch, added in their order."""
