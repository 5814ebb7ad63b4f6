"""How does Django find this context, and to what does it listen?"""

from django.apps import AppConfig


class WindowConfig(AppConfig):
    """The context `window`."""

    name = "payvand.window"
    label = "window"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let answers start what becomes possible, and put the window into the menu."""
        from payvand.ledger import public as ledger
        from payvand.plugins import slots
        from payvand.window import menu, telling
        from payvand.window.actions import keeping
        from payvand.window.actions.corrections import on_corrected
        from payvand.window.actions.progress import applicant_of, on_answered, on_stopped
        from payvand.window.sql import reading_of_cases

        slots.answer_reading.register(reading_of_cases)
        slots.on_answered.register(on_answered)
        slots.on_corrected.register(on_corrected)
        slots.on_stopped.register(on_stopped)
        slots.keeps_person.register(keeping.still_needed)
        slots.person_erased.register(keeping.forget)
        slots.case_pages.register(menu.case_pages)
        slots.case_files.register(menu.case_file)
        slots.service_titles.register(menu.service_titles)
        ledger.applicant_of.register(applicant_of)
        ledger.words_of.register(menu.words_of)
        ledger.page_elsewhere.register(menu.page_elsewhere)
        telling.register()
        slots.nav.register(menu.entries)
