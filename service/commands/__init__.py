"""The commands of `chainrule`, one file each."""
