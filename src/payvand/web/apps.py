"""How does Django find this context, and what does it add to every page?"""

import gc

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The context `web`."""

    name = "payvand.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Show in every menu what contexts and plug-ins have put into the slot; tidy up hourly."""
        from payvand.plugins import slots
        from payvand.ui.context import register_account, register_footer, register_nav
        from payvand.web.footer import links
        from payvand.web.idempotency import forget_old
        from payvand.web.token_views import account_entries

        register_account(account_entries)
        slots.chores.register(forget_old)
        register_nav(lambda request: [item for entries in slots.nav for item in entries(request)])
        register_footer(links)
        _leave_alone_what_stays()


def _leave_alone_what_stays() -> None:
    """Keep the collector of garbage off the code that was just loaded, which never goes away.

    Looking through it again and again took a sixth of the time of a step (ADR 0009).
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
