"""Payvand: one application, every office asked at once, every delay reported."""

__version__ = "0.1.0"
