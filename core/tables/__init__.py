"""Tables of columns: their kinds, statistics, encoding as inputs and targets, and scaling."""
