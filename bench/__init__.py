"""Measurements of what people feel: how long, how many, how heavy. Run with `make bench`."""
