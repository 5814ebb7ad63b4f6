"""What is a term: one thing, its names in Persian and English, and its codes?"""

from __future__ import annotations

from django.db import models


class Term(models.Model):
    """One thing that firms make or do, with all its names."""

    fa = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    fa_also = models.JSONField(default=list, blank=True)
    en_also = models.JSONField(default=list, blank=True)
    codes = models.JSONField(default=list, blank=True, help_text="isic:2220, hs:3926, cpv:44160000")
    said = models.JSONField(default=list, blank=True)  # what those speak of who do not know it
    field = models.CharField(max_length=30, default="", blank=True)  # automotive, metal, ict, ...
    # Fingerprint of the row as the product brought it; a row that differs from it was edited here
    shipped = models.CharField(max_length=16, default="", blank=True, editable=False)
    fa_key = models.CharField(max_length=120, unique=True, editable=False)  # compact_key of fa
    search = models.TextField(default="", editable=False)  # compact keys of all names, each after |
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["fa_key"]

    def __str__(self) -> str:
        return f"{self.fa} · {self.en}"
