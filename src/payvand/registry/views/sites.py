"""Which sites are registered, and how critical does the responsible authority hold each to be?

Nothing here is public, and a tier is shown to the desk of that authority alone.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound
from payvand.registry import access, labels
from payvand.registry import public as registry
from payvand.registry.forms import put_errors
from payvand.registry.forms.sites import SiteForm, TierForm
from payvand.registry.queries import sites as queries
from payvand.registry.views.accounts import place_choices
from payvand.ui.language import pick


@require_safe
@login_required
@never_cache
def sites(request: HttpRequest) -> HttpResponse:
    """The sites that the reader may see."""
    by = registry.actor(request)
    access.may_see_sites(by).or_raise()
    text, typed = request.GET.get("q", "")[:80], request.GET.get("after", "")
    try:
        after = UUID(typed) if typed else None
    except ValueError:
        raise NotFound(page=typed) from None
    lines, more = queries.sites_visible(by, text, after=after)
    known = registry.all_places()
    context = {
        "rows": [{"line": line, "place": known[line.card.place].name,
                  "tier": labels.TIERS.get(line.tier or "")} for line in lines],
        "q": text, "ranks": bool(queries.places_ranked_by({s.org for s in by.seats})),
        "may_manage": registry.may_manage(by),
        "older_url": f"?q={text}&after={more}" if more else "", "newer_url": "?" if after else "",
    }  # fmt: skip
    return render(request, "registry/sites.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Register a site of one's own, or at a counter for its owner."""
    by = registry.actor(request)
    access.may_see_sites(by).or_raise()
    for_others = bool(registry.may_manage(by))
    names = registry.party_names(queries.parties_of(by))
    form = SiteForm(
        request.POST or None, owners=[(str(k), pick(n)) for k, n in names.items()],
        places=place_choices(), for_others=for_others,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        owner = told["owner_id" if for_others else "owner"]
        draft = registry.SiteDraft(owner, told["place"], told["title"], told["zone"],
                                   told["address"])  # fmt: skip
        try:
            new = registry.add_site(draft, by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The site is registered."))
            return redirect("registry:site", new)
    status = 422 if form.errors else 200
    return render(request, "registry/site_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def site(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """One site; for the desk of its authority also its ranks, with a form to set one."""
    by, card = registry.actor(request), queries.site(site_id)
    access.may_see_site(by, owner_id=card.owner, place_code=card.place).or_raise()
    authority = queries.authority_at(card.place)
    names = registry.party_names([p for p in (authority, card.owner) if p is not None])
    ranks = access.may_read_tier(by, place_code=card.place).ok
    may = authority is not None and access.may_rank(
        by, authority, owner_id=card.owner, place_code=card.place
    )
    form = None
    if may and authority is not None:
        form = TierForm(
            request.POST or None, authorities=[(str(authority), pick(names[authority]))],
            initial={"authority": str(authority), "starts": clock.local_date(clock.now())},
        )  # fmt: skip
    if request.method == "POST" and form is None and authority is not None:
        access.may_rank(by, authority, owner_id=card.owner, place_code=card.place).or_raise()
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            registry.set_tier(site_id, registry.TierDraft(**form.cleaned_data), by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The rank is recorded."))
            return redirect("registry:site", site_id)
    context = {
        "card": card, "form": form, "ranks": ranks, "owner": names.get(card.owner),
        "authority": names.get(authority) if authority else None,
        "place": registry.place(card.place).name,
        "tiers": [{"line": t, "tier": labels.TIERS.get(t.tier, t.tier)}
                  for t in queries.tiers_of(site_id)] if ranks else [],
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "registry/site.html", context, status=status)
