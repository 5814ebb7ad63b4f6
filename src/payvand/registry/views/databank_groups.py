"""Which clusters, consortia, associations and fairs are there, and who founds and keeps them?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, Refused
from payvand.plugins import slots
from payvand.registry import databank_labels as labels
from payvand.registry import public as registry
from payvand.registry.access import databank as access
from payvand.registry.forms import databank as forms
from payvand.registry.forms import groups as group_forms
from payvand.registry.forms import put_errors
from payvand.registry.public import Actor
from payvand.registry.public import databank as door
from payvand.registry.public.databank import Filters, ProfileLine
from payvand.registry.queries import databank, groups, vocabulary
from payvand.registry.rules.databank import GROUPS, NoProfile
from payvand.registry.views.databank import line_row, posted
from payvand.ui.language import pick

FOUND = 8  # candidates that are shown when a name fits several


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Clusters, consortia, associations and fairs with their states."""
    kind = request.GET.get("kind", "cluster")
    kind = kind if kind in labels.GROUPS else "cluster"
    province = forms.known_place(request.GET.get("province", ""))
    state = request.GET.get("state", "")
    known = vocabulary.states(kind)
    living, operating, by_state = groups.counts(kind=kind, province=province)
    return render(
        request,
        "registry/databank/groups.html",
        {
            "rows": groups.groups(kind=kind, province=province,
                                  state=state if state in known else ""),
            "kind": kind, "kind_name": labels.GROUPS_MANY[kind],
            "kinds": labels.GROUPS_MANY.items(), "province": province, "state": state,
            "provinces": forms.province_choices(), "living": living, "operating": operating,
            "states": [(s, by_state.get(key, 0)) for key, s in known.items()],
            "fields": vocabulary.fields(), "may_found": bool(_founds(registry.actor(request))),
        },
    )  # fmt: skip


@require_safe
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """One group: its state against its term, its history, its members."""
    page, by = groups.group(group_id), registry.actor(request)
    known = vocabulary.states(page.row.kind)
    return render(
        request,
        "registry/databank/group.html",
        {
            "page": page, "line": page.line, "row": page.row,
            "kind": labels.GROUPS.get(page.row.kind), "kinds": labels.GROUPS_MANY[page.row.kind],
            "about": {"fa": page.row.about_fa or page.row.about_en,
                      "en": page.row.about_en or page.row.about_fa},
            "field": vocabulary.fields().get(page.row.field),
            "steps": [(s, known.get(s.key), page.row.state == s.key) for s in known.values()],
            "members": [line_row(line) for line in page.members],
            "hidden": page.line.members - len(page.members),
            "may_lead": access.may_lead(by, place=page.row.place_id, lead=page.row.lead_id),
            "panels": [p for make in slots.group_panel if (p := make(page.row.kind, page.row.pk))],
            "member_form": group_forms.MemberForm(), "leads_away": _own_members(page, by),
        },
    )  # fmt: skip


def _founds(by: Actor) -> list[str]:
    """Return the kinds of groups that somebody may found somewhere."""
    places = access.desk_places(by)
    if places is None or places:
        return list(GROUPS)
    return [kind for kind in GROUPS if kind != "association"] if by.seats else []


def _leads(by: Actor) -> list[tuple[str, str]]:
    orgs = list(dict.fromkeys(seat.org for seat in by.seats))
    names = registry.party_names(orgs)
    return [(str(key), pick(names[key])) for key in orgs if key in names]


def _own_members(page: groups.GroupPage, by: Actor) -> set[UUID]:
    """Return the members for which this reader may say that they leave."""
    return {m.id for m in page.members if by.party == m.id or by.works_for(m.id)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def found(request: HttpRequest) -> HttpResponse:
    """Found a cluster, consortium, association or fair."""
    by = registry.actor(request)
    kinds = _founds(by)
    if not kinds:
        raise Refused(reason=_("A group is founded by the registrar or by its organiser."))
    wanted = request.GET.get("kind", "")
    form = group_forms.GroupForm(posted(request), kinds=kinds, leads=_leads(by), is_new=True,
                                 initial={"kind": wanted})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            key = door.found_groups([form.draft()], by=by)[0]
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The group is founded. Add its members below."))
            return redirect("registry:databank_group", key)
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/group_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Change what a group says of itself."""
    page, by = groups.group(group_id), registry.actor(request)
    row = page.row
    access.may_lead(by, place=row.place_id, lead=row.lead_id).or_raise()
    names = ("name_fa", "name_en", "about_fa", "about_en", "field", "starts", "ends")
    initial = {name: getattr(row, name) for name in names} | {"place": row.place_id or ""}
    form = group_forms.GroupForm(posted(request), kinds=[row.kind], leads=[], is_new=False,
                                 initial=initial)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            door.change_group(group_id, form.draft(), by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:databank_group", group_id)
    context = {"form": form, "line": page.line}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/group_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def members(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Add a member: by its national id at once, by a name after choosing among those that fit."""
    page, by = groups.group(group_id), registry.actor(request)
    access.may_lead(by, place=page.row.place_id, lead=page.row.lead_id).or_raise()
    form, found_ = group_forms.MemberForm(posted(request)), list[ProfileLine]()
    if request.method == "POST" and (chosen := request.POST.get("party", "")):
        return _joined(request, group_id, _uuid(chosen), by)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["who"]
        card = registry.find_party("company", typed)
        if card is not None:
            return _joined(request, group_id, card.id, by)
        found_ = databank.page(Filters(text=typed), limit=FOUND).lines
        if not found_:
            form.add_error("who", _("Nobody in the databank fits. Look at the spelling, or enter "
                                    "the national id."))  # fmt: skip
    context = {"form": form, "line": page.line, "found": [line_row(line) for line in found_]}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/members.html", context, status=status)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoProfile(party=text) from None


def _joined(request: HttpRequest, group_id: UUID, party: UUID, by: Actor) -> HttpResponse:
    door.join_group(group_id, party, by=by)
    messages.success(request, _("The member is recorded from today on."))
    return redirect("registry:databank_group", group_id)


@require_POST
@login_required
def leave(request: HttpRequest, group_id: UUID, party_id: UUID) -> HttpResponse:
    """End that somebody takes part: the organiser may, and they themselves."""
    door.leave_group(group_id, party_id, by=registry.actor(request))
    messages.success(request, _("The membership has ended today."))
    return redirect("registry:databank_group", group_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move_group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Let a group enter another state."""
    page, by = groups.group(group_id), registry.actor(request)
    access.may_lead(by, place=page.row.place_id, lead=page.row.lead_id).or_raise()
    known = vocabulary.states(page.row.kind)
    form = group_forms.StateForm(
        posted(request),
        states=[(key, pick(s.name)) for key, s in known.items() if key != page.row.state],
        initial={"since": clock.local_date(clock.now())},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            door.move_group(group_id, told["state"], by=by, since=told["since"], note=told["note"])
        except Invalid as error:
            put_errors(form, error)
        except Conflict as error:
            form.add_error(None, f"{_(error.what)} {_(error.now)}")
        else:
            messages.success(request, _("The new state is recorded."))
            return redirect("registry:databank_group", group_id)
    context = {"form": form, "line": page.line, "kind": labels.GROUPS.get(page.row.kind)}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/move_group.html", context, status=status)
