"""Who may edit the terms and have the index made anew?"""

from __future__ import annotations

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry.public import Actor


def may_edit_terms(by: Actor) -> Verdict:
    """The system itself and its operators."""
    if by.kind == "system" or by.is_operator:
        return YES
    return no(gettext_noop("The terms are edited by the operators of the installation."))


def may_search(by: Actor) -> Verdict:
    """Anybody: only what firms show to everybody can be found, clients' names never."""
    del by  # the databank is public
    return YES
