"""What can be refused about plans and requests?"""

from __future__ import annotations

from payvand.kernel.errors import Conflict, PayvandError, gettext_noop


class NoForecast(PayvandError):
    """There is nothing to plan from: no forecast or no supply for the day."""

    code, status = "energy.no_forecast", 409
    what = gettext_noop("For {day} there is no forecast to plan from.")
    why = gettext_noop("Readings or figures of supply are missing, or the forecast was refused.")
    now = gettext_noop("Load readings and supply, make the forecast, then plan again.")


class WrongState(Conflict):
    """The plan is not in the state that this step needs."""

    code = "energy.wrong_state"
    what = gettext_noop("This step does not fit the present state of the plan.")
    why = gettext_noop("The plan is in the state “{state}”.")
    now = gettext_noop("Reload the page; it shows the steps that are possible now.")


class NotInstalled(PayvandError):
    """The libraries of the extra `energy` are not there."""

    code, status = "energy.not_installed", 503
    what = gettext_noop("The part for energy is not fully installed here.")
    why = gettext_noop("A library for its arithmetic is missing: {reason}.")
    now = gettext_noop("Install payvand[energy]; all other pages work without it.")


class NoOperator(PayvandError):
    """No organisation is registered as operator of the province."""

    code, status = "energy.no_operator", 409
    what = gettext_noop("The province has no operator yet.")
    why = gettext_noop("No organisation has the duty energy-operator, or gas-operator, there.")
    now = gettext_noop("Let the administrator register one.")


class FileUnfit(PayvandError):
    """The file as a whole cannot be read: ``reason`` and ``remedy`` say the rest."""

    code, status = "energy.file_unfit", 422
    what = gettext_noop("The file cannot be read.")
    why = "{reason}"
    now = "{remedy}"

    def __init__(self, reason: str, remedy: str, **facts: object) -> None:
        super().__init__(reason=reason, remedy=remedy, **facts)


class NoRegister(Conflict):
    """Readings came before the meters that they belong to were registered."""

    code = "energy.no_register"
    what = gettext_noop("No meters are registered yet.")
    why = gettext_noop("Each reading belongs to a meter of the register, which says where it is.")
    now = gettext_noop("Load the register of meters first, then the readings.")
