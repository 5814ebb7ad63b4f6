"""How does the head of an organisation give its systems tokens, and take them away?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from payvand.kernel.errors import Invalid, NotFound, Refused, gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import actor
from payvand.ui.context import NavItem
from payvand.ui.fields import CleanTextField, NumberField
from payvand.ui.language import pick
from payvand.web import tokens

NOT_YOURS = gettext_noop("Only the head of the organisation makes tokens for its systems.")


class TokenForm(forms.Form):
    """Which system, for which organisation, with which seat, for how long."""

    use_required_attribute = False

    org = forms.ChoiceField(label=gettext_lazy("Organisation"))
    name = CleanTextField(
        label=gettext_lazy("Which system holds the token?"),
        max_length=80,
        help_text=gettext_lazy("For example the name of the correspondence system."),
    )
    role = forms.ChoiceField(label=gettext_lazy("What it may do: its seat"))
    reads_only = forms.BooleanField(
        label=gettext_lazy("It may only read, and change nothing"), required=False
    )
    place = forms.ChoiceField(label=gettext_lazy("Limited to a place"), required=False)
    days = NumberField(
        label=gettext_lazy("For how many days?"), whole=True, least=1, most=tokens.MAX_DAYS
    )

    def __init__(self, *args: Any, orgs: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        places = [(p.code, pick(p.name)) for p in registry.all_places().values()
                  if p.kind == "province"]  # fmt: skip
        for name, choices in (
            ("org", list(orgs)),
            ("role", [(r, str(registry.SEATS[r])) for r in tokens.ROLES]),
            ("place", [("", _("No limit")), *places]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def draft(self) -> tokens.TokenDraft:
        """Return what was entered."""
        told = self.cleaned_data
        return tokens.TokenDraft(told["name"], told["role"], told["days"], told["place"],
                                 told["reads_only"])  # fmt: skip


def _orgs(by: registry.Actor) -> dict[UUID, dict[str, str]]:
    """Return for whom the actor makes tokens; the administrator for every agency."""
    if registry.may_manage(by):
        return {card.id: card.name for card in registry.agencies(limit=1000)}
    return registry.party_names(tokens.orgs_of(by))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens of my organisations; a new one is shown once, on the answer to the form."""
    by = actor(request)
    orgs = _orgs(by)
    if not orgs:
        raise Refused(reason=NOT_YOURS)
    form = TokenForm(
        request.POST or None, orgs=[(str(k), pick(n)) for k, n in orgs.items()],
        initial={"days": 365, "role": "clerk"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            org = UUID(form.cleaned_data["org"])
            made = tokens.issue(by=by, org=org, draft=form.draft())
        except Invalid as error:
            for name, text in (error.facts.get("fields") or {}).items():
                form.add_error(name if name in form.fields else None, _(text))
        else:
            context = {"made": made, "name": form.cleaned_data["name"], "org": orgs[org]}
            return render(request, "web/token_made.html", context)
    rows = [
        {"line": line, "role": registry.SEATS.get(line.role, line.role),
         "place": registry.place(line.place).name if line.place else None}
        for line in tokens.tokens_of(by)
    ]  # fmt: skip
    context = {"rows": rows, "form": form, "many": len(orgs) > 1}
    return render(request, "web/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    by = actor(request)
    if token_id not in {line.id for line in tokens.tokens_of(by)}:
        raise NotFound(token=token_id)
    tokens.revoke(by=by, token_id=token_id)
    messages.success(request, _("The token has ended; the system can no longer sign in with it."))
    return redirect("tokens")


def account_entries(request: HttpRequest) -> Iterator[NavItem]:
    """Yield the entry of the account menu, for heads of organisations and the administrator."""
    if not request.user.is_authenticated:
        return
    by = actor(request)
    if registry.may_manage(by) or tokens.orgs_of(by):
        yield NavItem(_("Tokens for systems"), reverse("tokens"), order=65)
