"""How do I claim a profile, keep it true, take it out, and have it erased?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel.errors import Conflict, Invalid
from payvand.registry import databank_labels as labels
from payvand.registry import public as registry
from payvand.registry.access import databank as access
from payvand.registry.actions.databank_erase import reasons_to_keep
from payvand.registry.forms import databank as forms
from payvand.registry.forms import put_errors
from payvand.registry.models import Party
from payvand.registry.public import databank as door
from payvand.registry.queries import databank, desk, export, vocabulary
from payvand.registry.rules.databank import NoProfile
from payvand.registry.rules.import_columns import ENTRIES, NAMES
from payvand.registry.rules.import_files import BadFile
from payvand.registry.views.databank import line_row, posted
from payvand.registry.views.databank_desk import bad_file
from payvand.ui.language import pick
from payvand.ui.sheets import sheet

CLAIMED = {
    "own": gettext_noop("The profile is yours to keep. Complete it below."),
    "waits": gettext_noop("Your claim is with the registrar. You find the decision here."),
    "contested": gettext_noop(
        "Somebody else keeps this profile. Your claim is with the registrar, who hears both sides;"
        " until then nothing changes."
    ),
}


def _refused(form: Any, error: Invalid | Conflict) -> None:
    if isinstance(error, Invalid):
        put_errors(form, error)
    else:
        form.add_error(None, " ".join(filter(None, (_(error.what), _(error.why), _(error.now)))))


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The profiles that I keep, my claims, and what is said of me elsewhere."""
    by = registry.actor(request)
    parties = {by.party, *(seat.org for seat in by.seats), *by.mandates} - {None}
    lines = databank.kept_profiles(by.user_id or 0, [key for key in parties if key])
    positions = []
    own = None
    if by.party:
        own = next((line for line in lines if line.id == by.party), None)
        positions = databank.positions_of(by.party)
    return render(
        request,
        "registry/databank/mine.html",
        {
            "lines": [line_row(line) for line in lines], "own": own,
            "own_id": _own_number(by) if own is None else "",
            "has_desk": access.may_open_desk(by),
            "positions": [(row, databank.names(row.org), labels.POSITIONS.get(row.kind))
                          for row in positions],
            "claims": [(row, databank.names(row.party), labels.CLAIMS[row.state],
                        labels.CLAIM_TONES[row.state]) for row in desk.claims_of(by.user_id or 0)],
        },
    )  # fmt: skip


def _own_number(by: registry.Actor) -> str:
    """Return the national id of the reader's own person, for a profile of their own."""
    person = Party.objects.filter(pk=by.party, kind="person") if by.party else Party.objects.none()
    return person.values_list("national_id", flat=True).first() or ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Claim a profile with its national id."""
    form = forms.ClaimForm(posted(request), initial={"national_id": request.GET.get("id", "")})
    if request.method == "POST" and form.is_valid():
        try:
            done = door.claim(form.draft(), by=registry.actor(request))
        except (Invalid, Conflict) as error:
            _refused(form, error)
        else:
            messages.success(request, _(CLAIMED[done.outcome]))
            if done.outcome == "own":
                return redirect("registry:databank_edit", done.party)
            return redirect("registry:databank_mine")
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/claim.html", context, status=status)


@require_POST
@login_required
def withdraw_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take my open claim back."""
    door.withdraw_claim(claim_id, by=registry.actor(request))
    messages.success(request, _("The claim was taken back."))
    return redirect("registry:databank_mine")


def _kept(request: HttpRequest, party_id: UUID) -> databank.FullProfile:
    page = databank.full(party_id)
    access.may_keep(registry.actor(request), page.party).or_raise()
    return page


def _texts(rows: Sequence[Any], name: str) -> list[tuple[Any, str]]:
    return [
        (row, pick({"fa": getattr(row, f"{name}_fa"), "en": getattr(row, f"{name}_en")}))
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Change what a profile says; its entries are listed below."""
    page = _kept(request, party_id)
    row = page.row
    codes = [*databank.place_codes(page.party.pk), "", ""]
    form = forms.ProfileForm(
        posted(request),
        personal=page.is_personal,
        initial={
            "kind": row.kind, "field": row.field, "about_fa": row.about_fa,
            "about_en": row.about_en, "place": codes[0], "place_2": codes[1],
            "from_home": row.from_home, "size_band": row.size_band,
            "languages": row.languages.split(",") if row.languages else [],
            "website": row.website, "exports": {True: "yes", False: "no", None: ""}[row.exports],
            "exports_shown": row.exports_shown, "is_shown": row.is_shown,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        try:
            door.change_profile(party_id, draft, by=registry.actor(request))
        except (Invalid, Conflict) as error:
            _refused(form, error)
        else:
            messages.success(request, _("The profile is saved and counts as confirmed today."))
            return redirect("registry:databank_edit", party_id)
    by = registry.actor(request)
    return render(
        request,
        "registry/databank/edit.html",
        {
            "form": form, "page": page, "party": page.party, "row": row,
            "name": databank.names(page.party), "is_own": by.party == page.party.pk,
            "parts": [
                ("capability", _("Capabilities"), _texts(page.capabilities, "title")),
                ("product", _("Products"), _texts(page.products, "title")),
                ("certificate", _("Certificates"), [(e, e.title) for e in page.certificates]),
                ("evidence", _("Past work"),
                 _texts(page.evidence, "text")),
            ],
            "people": [(p, databank.names(p.person), labels.POSITIONS.get(p.kind))
                       for p in page.people],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def entry(
    request: HttpRequest, party_id: UUID, kind: str, entry_id: int | None = None
) -> HttpResponse:
    """Add a capability, product, certificate or evidence item, or change one."""
    page = _kept(request, party_id)
    if kind not in forms.ENTRY_FORMS:
        raise NoProfile(kind=kind)
    row = None
    if entry_id is not None:
        row = databank.entry(kind, entry_id)
        if row.party_id not in door.family(party_id):
            raise NoProfile(entry=entry_id)
    form_class = forms.ENTRY_FORMS[kind]
    initial = {name: getattr(row, name) for name in form_class.base_fields if hasattr(row, name)}
    form = form_class(posted(request), initial=initial)
    looks_up = "lookup" in request.POST
    if request.method == "POST" and form.is_valid() and not looks_up:
        try:
            door.put_entry(party_id, form.draft(), by=registry.actor(request), entry_id=entry_id)
        except (Invalid, Conflict) as error:
            _refused(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("registry:databank_edit", party_id)
    typed = request.POST.get("find_code", "")
    ticked = [c for c in request.POST.getlist("pick") if c in vocabulary.codes()]
    return render(
        request,
        "registry/databank/entry.html",
        {
            "form": form, "party": page.party, "name": databank.names(page.party), "kind": kind,
            "kind_name": labels.ENTRIES[kind], "row": row, "has_codes": "codes" in form.fields,
            "found": vocabulary.suggest(typed) if typed else [], "typed": typed,
            "ticked": [vocabulary.codes()[c] for c in ticked],
        },
        status=422 if form.errors and not looks_up else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Take my own capabilities, products, certificates and past work in from a file."""
    page = _kept(request, party_id)
    form = forms.ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = door.import_entries(party_id, file.file, by=registry.actor(request),
                                      filename=file.name)  # fmt: skip
        except BadFile as error:
            form.add_error("file", bad_file(error))
        else:
            return redirect("registry:databank_run", run.pk)
    context = {"form": form, "columns": [(name, NAMES[name]) for name in ENTRIES],
               "party": page.party, "name": databank.names(page.party)}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/databank/import.html", context, status=status)


@require_POST
@login_required
def drop(request: HttpRequest, party_id: UUID, kind: str, entry_id: int) -> HttpResponse:
    """Take an entry out."""
    door.drop_entry(party_id, kind, entry_id, by=registry.actor(request))
    messages.success(request, _("The entry was taken out."))
    return redirect("registry:databank_edit", party_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """What the profile says in short, and one button: everything is still true."""
    page = _kept(request, party_id)
    if request.method == "POST":
        door.confirm(party_id, by=registry.actor(request))
        messages.success(request, _("Thank you. We ask again in a year."))
        return redirect("registry:databank_edit", party_id)
    about = {"fa": page.row.about_fa or page.row.about_en,
             "en": page.row.about_en or page.row.about_fa}  # fmt: skip
    return render(
        request,
        "registry/databank/confirm.html",
        {
            "page": page, "party": page.party, "row": page.row, "name": databank.names(page.party),
            "about": about, "field": vocabulary.fields().get(page.row.field),
            "parts": [
                (_("Capabilities"), _texts(page.capabilities, "title")),
                (_("Products"), _texts(page.products, "title")),
                (_("Certificates"), [(e, e.title) for e in page.certificates]),
                (_("Past work"), _texts(page.evidence, "text")),
            ],
        },
    )  # fmt: skip


@require_POST
@login_required
def consent(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show my personal profile to everybody, or hide it."""
    shown = request.POST.get("shown") == "1"
    door.consent(party_id, shown=shown, by=registry.actor(request))
    said = _("Everybody can see your profile now.") if shown else _("Your profile is hidden.")
    messages.success(request, said)
    return redirect("registry:databank_edit", party_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Say that somebody works for the organisation."""
    page = _kept(request, party_id)
    access.may_add_person(registry.actor(request), page.party, page.row).or_raise()
    form = forms.PersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            door.add_position(party_id, form.draft(), by=registry.actor(request))
        except (Invalid, Conflict) as error:
            _refused(form, error)
        else:
            messages.success(
                request, _("Recorded. It is shown to everybody once the person agrees.")
            )
            return redirect("registry:databank_edit", party_id)
    context = {"form": form, "party": page.party, "name": databank.names(page.party)}
    status = 422 if form.errors else 200
    return render(request, "registry/databank/person.html", context, status=status)


@require_POST
@login_required
def position(request: HttpRequest, position_id: int) -> HttpResponse:
    """Show, hide or take out that somebody works somewhere."""
    by, step = registry.actor(request), request.POST.get("step", "")
    if step == "drop":
        door.drop_position(position_id, by=by)
    else:
        door.show_position(position_id, shown=step == "show", by=by)
    messages.success(request, _("Saved."))
    back = request.POST.get("back", "")
    return redirect("registry:databank_edit", UUID(back)) if back else redirect(
        "registry:databank_mine")  # fmt: skip


@require_safe
@login_required
def export_all(request: HttpRequest, party_id: UUID, form: str) -> HttpResponse:
    """All that is kept about a party, as JSON or CSV."""
    page = _kept(request, party_id)
    told = export.about(party_id)
    name = f"payvand-{page.party.pk}.{form}"
    if form == "json":
        response: HttpResponse = JsonResponse(
            told, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        response = sheet(name, [("part", "number", "field", "value"), *export.about_rows(told)])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Erase a personal profile: says first what goes and what must stay."""
    party = Party.objects.filter(pk=party_id, kind="person").first()
    if party is None:
        raise NoProfile(party=str(party_id))
    by = registry.actor(request)
    access.may_erase(by, party).or_raise()
    if request.method == "POST":
        done = door.erase(party_id, by=by)
        if done.identity_erased:
            messages.success(request, _("Everything was erased, and the account is closed."))
        else:
            messages.success(request, _("Your profile was erased. Your name stays for now, because "
                                        "it is still needed."))  # fmt: skip
        return redirect(reverse("registry:databank"))
    context = {"party": party, "reasons": [_(reason) for reason in reasons_to_keep(party_id)]}
    return render(request, "registry/databank/erase.html", context)
