"""Which address leads to which page about energy? Mounted under the language prefix."""

from __future__ import annotations

app_name = "energy"
urlpatterns: list[object] = []
