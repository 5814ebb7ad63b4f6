"""What has every row about energy?"""

from __future__ import annotations

from typing import Any

from django.db import models


def carrier() -> models.CharField[Any, Any]:
    """Return the field that says which carrier a row is about."""
    return models.CharField(max_length=12, default="electricity")


def place() -> models.ForeignKey[Any, Any]:
    """Return the field of the province."""
    return models.ForeignKey("registry.Place", on_delete=models.PROTECT, related_name="+")
