"""Kills at random while clients work, and a judge over everything they were told."""
