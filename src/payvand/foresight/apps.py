"""How does Django find this context, and what does it add to the others?"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import AppConfig


class ForesightConfig(AppConfig):
    """The context `foresight`."""

    name = "payvand.foresight"
    label = "foresight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Promise days on the pages of others, keep up with the log, and tell of slips."""
        from payvand.foresight import joining

        _promises()
        joining.register()


def _promises() -> None:
    """Register what belongs to promises; the libraries for arithmetic are loaded at first use."""
    from django.utils.translation import gettext_noop

    from payvand.plugins import slots

    slots.application_panel.register(_later("views.panels", "application_panel"), order=20)
    slots.service_panel.register(_later("views.panels", "service_panel"), order=20)
    slots.minute_work.register(_later("jobs.promises", "follow"))
    slots.round_work.register(_later("jobs.promises", "night"))
    slots.chores.register(_later("jobs.promises", "forget_old"))
    slots.samples.register(_later("actions.samples", "add"), order=20)
    slots.notice_texts.register(
        slots.NoticeText(
            "promise.slipped",
            gettext_noop("Payvand: case {code} takes longer than we told you"),
            gettext_noop(
                "Case {code} takes longer than we told you. Half of such applications now finish"
                " by {p50}, nine in ten by {p90}. We are sorry; the page of the case says which"
                " answer is awaited."
            ),
            "window:case",
        )
    )


def _later(module: str, name: str) -> Callable[..., Any]:
    """Return a function that is looked up when it is first called: numpy stays out until then."""

    def called(*args: Any) -> Any:
        return getattr(import_module(f"payvand.foresight.{module}"), name)(*args)

    return called
