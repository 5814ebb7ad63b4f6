"""How does PostgreSQL keep evidence findable? Only its engine writes these tables."""

from __future__ import annotations

from django.db import models


class IndexedEvidence(models.Model):
    """One evidence text, analysed: words folded, stems beside them."""

    firm = models.CharField(max_length=64, db_index=True)
    item = models.CharField(max_length=64)
    name = models.TextField(default="")  # words of the firm's name
    words = models.TextField()
    lead = models.TextField()
    client = models.TextField(default="")
    stems = models.TextField()  # of text and lead, for the full-text index
    fingerprint = models.CharField(max_length=32, db_index=True)  # equal texts count as one
    declared = models.BooleanField(default=False)


class IndexedWord(models.Model):
    """In how many texts a stem stands."""

    stem = models.CharField(max_length=120, primary_key=True)
    texts = models.IntegerField(default=0)
