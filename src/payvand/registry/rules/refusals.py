"""Which refusals does the registry know, and what do they advise?"""

from __future__ import annotations

from payvand.kernel.errors import Conflict, Invalid, NotFound, gettext_noop


class NoDebtor(NotFound):
    """No agency answers for the role at the place, or above it."""

    code = "registry.no_debtor"
    what = gettext_noop("No agency is registered for “{role}” in {place}.")
    why = gettext_noop("The question cannot be sent to anybody.")
    now = gettext_noop("Ask the administrator to register the responsible agency.")


class NoOffice(NotFound):
    """No office of this role is responsible for the agency or the place."""

    code = "registry.no_office"
    what = gettext_noop("No office “{role}” is registered for {place}.")
    why = gettext_noop("A delay could not be reported to anybody.")
    now = gettext_noop("Ask the administrator to register the office.")


class NoPlace(NotFound):
    """The place code is not in the list of divisions."""

    code = "registry.no_place"
    what = gettext_noop("There is no place with the code {place}.")
    why = gettext_noop("The list of provinces and counties does not hold it.")
    now = gettext_noop("Choose a place from the list.")


class NoParty(NotFound):
    """The person or organisation is not registered."""

    code = "registry.no_party"
    what = gettext_noop("This person or organisation is not registered.")
    now = gettext_noop("Check the national id, or register it first.")


class NoOrganisation(NotFound):
    """No organisation has this slug or national id; ``text`` is what was asked for."""

    code = "registry.no_organisation"
    what = gettext_noop("There is no organisation “{text}”.")
    why = gettext_noop("An agency is named by its slug, a company by its national id.")
    now = gettext_noop("`payvand registry agencies` lists the slugs.")


class PartyExists(Conflict):
    """Somebody with this kind and national id is registered already."""

    code = "registry.party_exists"
    what = gettext_noop("This national id or short name is registered already.")
    now = gettext_noop("Use the registered entry.")


class OfficeHeld(Conflict):
    """The office has a holder (or a deputy of that order) in the same period."""

    code = "registry.office_held"
    what = gettext_noop("This office is held by somebody in that period.")
    why = gettext_noop("An office has one holder, and one deputy of each order, at a time.")
    now = gettext_noop("End the present appointment first, or choose another date.")


class AlreadyEnded(Conflict):
    """The appointment, seat or mandate has ended."""

    code = "registry.already_ended"
    what = gettext_noop("This has ended already.")
    now = gettext_noop("Reload the page to see the present state.")


class FactSuperseded(Conflict):
    """The calendar fact was corrected already."""

    code = "registry.fact_superseded"
    what = gettext_noop("This calendar entry was corrected already.")
    now = gettext_noop("Correct the entry that replaced it.")


class Unfit(Invalid):
    """An entry of the registry has a fault; ``fields`` says where."""

    code = "registry.unfit"
