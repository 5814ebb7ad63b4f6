"""Is a file in an answer checked, kept, and read only by those whom it concerns?"""

import json
from base64 import b64encode
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, Refused
from payvand.ledger import actions, files, links
from payvand.ledger.models import AnswerFile, Disclosure, Obligation
from payvand.ledger.rules.reply import Reply
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import actions as window
from tests import world as worlds

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 test"


def pack():
    """Return a service whose first question returns a report, which a later one needs."""
    body = worlds.grid_pack(layers=2, width=2)
    report = {"id": "report", "type": "file", "accept": ["application/pdf"], "max_mb": 1,
              "required": True, "title": {"fa": "گزارش", "en": "Report"}}  # fmt: skip
    secret = {**report, "id": "secret", "required": False, "confidential": True}
    first, *rest = body["inquiries"]
    first["returns"] = [*first["returns"], report, secret]
    for one in rest:
        if one.get("needs"):
            one["needs"] = ["q00.report", "q01"]
            one["sees"] = ["name", "q00.report"]
    return body


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.frozen(worlds.MONDAY):
        yield worlds.build(pack())
    registry.forget()


@pytest.fixture
def owed(world):
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    return Obligation.objects.get(case_id=case.id, question="q00")


def pdf(name="report.pdf", body=PDF):
    return SimpleUploadedFile(name, body, "application/pdf")


def clerk(world, slug, name="", party=None):
    user = r.User.objects.create(username=name or f"clerk-{slug}", party_id=party)
    r.Membership.objects.create(user=user, org_id=world.agencies[slug], role="clerk",
                                valid_from=date(2020, 1, 1))  # fmt: skip
    client = Client()
    client.force_login(user)
    client.actor = registry.actor_for(user)
    return client


def answered(world, owed, *more):
    """Answer both questions of the first layer, the first with a file; return the file's id."""
    by = world.clerk("a0")
    value = files.attach(by=by, obligation_id=owed.pk, field="report", upload=pdf())
    fields = {"number": "1", "report": value}
    if more:
        fields["secret"] = files.attach(by=by, obligation_id=owed.pk, field="secret", upload=pdf())
    actions.answer(by=by, obligation_id=owed.pk, reply=Reply("positive", fields=fields))
    other = Obligation.objects.get(case_id=owed.case_id, question="q01")
    actions.answer(by=world.clerk("a1"), obligation_id=other.pk,
                   reply=Reply("positive", fields={"number": "2"}))  # fmt: skip
    return fields


@pytest.mark.parametrize(
    ("upload", "field"),
    [
        pytest.param(pdf(body=b"MZ not a pdf"), "report", id="another kind"),
        pytest.param(pdf(body=PDF + b"x" * 1024 * 1024), "report", id="too large"),
        pytest.param(pdf(), "number", id="no file field"),
    ],
)
def test_what_is_no_such_file_is_refused_and_nothing_is_kept(world, owed, upload, field):
    with pytest.raises(Invalid) as refused:
        files.attach(by=world.clerk("a0"), obligation_id=owed.pk, field=field, upload=upload)
    assert f"fields.{field}" in refused.value.facts["fields"]
    assert not AnswerFile.objects.exists()


def test_another_agency_attaches_nothing(world, owed):
    with pytest.raises(Refused):
        files.attach(by=world.clerk("a1"), obligation_id=owed.pk, field="report", upload=pdf())


def test_an_answer_names_only_files_of_its_own_field(world, owed):
    value = files.attach(by=world.clerk("a0"), obligation_id=owed.pk, field="secret", upload=pdf())
    reply = Reply("positive", fields={"number": "1", "report": value})
    with pytest.raises(Invalid):
        actions.answer(by=world.clerk("a0"), obligation_id=owed.pk, reply=reply)


def test_each_reading_is_a_disclosure_and_strangers_read_nothing(world, owed):
    fields = answered(world, owed, "secret")
    report, secret = fields["report"]["answer_file"], fields["secret"]["answer_file"]
    owner, later = world.clerk("owner"), world.clerk("a1")
    for reader in (world.clerk("a0"), owner, later, world.applicant):
        assert files.download(by=reader, file_id=report).name == "report.pdf"
    files.download(by=owner, file_id=secret)
    for stranger in (world.clerk("a3"), world.stranger):
        with pytest.raises(Refused):
            files.download(by=stranger, file_id=report)
    for reader in (later, world.applicant):
        with pytest.raises(Refused):
            files.download(by=reader, file_id=secret)
    rows = Disclosure.objects.filter(case_id=owed.case_id, how="download")
    assert [row.fields for row in rows.order_by("id")] == [["q00.report"]] * 4 + [["q00.secret"]]
    assert rows.order_by("id")[2].party_id == world.agencies["a1"]


def test_a_file_without_an_answer_is_its_desk_s_alone(world, owed):
    value = files.attach(by=world.clerk("a0"), obligation_id=owed.pk, field="report", upload=pdf())
    for reader in (world.clerk("owner"), world.applicant):
        with pytest.raises(Refused):
            files.download(by=reader, file_id=value["answer_file"])


def test_an_upload_stays_when_another_field_is_wrong_and_is_sent_as_a_download(world, owed):
    client = clerk(world, "a0")
    path = f"/fa/inquiry/{owed.pk}/"
    wrong = client.post(path, {"outcome": "conditional", "r-number": "1", "r-report": pdf()})
    assert wrong.status_code == 422  # conditions are missing
    assert "report.pdf" in wrong.content.decode()
    right = client.post(path, {"outcome": "positive", "r-number": "1"})
    assert right.status_code == 302
    key = Obligation.objects.get(pk=owed.pk).reply["fields"]["report"]["answer_file"]
    shown = client.get(path).content.decode()
    assert f"/fa/answer-files/{key}/" in shown
    sent = client.get(f"/fa/answer-files/{key}/")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(sent.streaming_content) == PDF


def test_a_wrong_upload_says_so_at_the_field_and_keeps_what_was_typed(world, owed):
    page = clerk(world, "a0").post(
        f"/en/inquiry/{owed.pk}/",
        {"outcome": "positive", "r-number": "17", "text": "typed", "r-report": pdf(body=b"MZ")},
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "is not a file of these kinds: PDF" in html
    assert "typed" in html
    assert 'value="17"' in html


def test_a_system_sends_the_file_inside_its_answer(world, owed):
    client = clerk(world, "a0")
    content = {"name": "r.pdf", "content": b64encode(PDF).decode(), "media_type": "application/pdf"}
    body = {"outcome": "positive", "fields": {"number": "1", "report": content}}
    sent = client.post(
        f"/api/v1/obligations/{owed.pk}/answer", json.dumps(body),
        content_type="application/json", headers={"Idempotency-Key": "k"},
    )  # fmt: skip
    assert sent.status_code == 200, sent.content
    reply = Obligation.objects.get(pk=owed.pk).reply
    assert reply["fields"]["report"]["name"] == "r.pdf"
    assert "content" not in reply["fields"]["report"]


def test_the_bearer_of_a_link_reads_what_the_inquiry_carries(world, owed):
    fields = answered(world, owed)
    later = Obligation.objects.get(case_id=owed.case_id, question="q10")
    token = links.create(later.pk)
    key = fields["report"]["answer_file"]
    assert f"/files/{key}/" in Client().get(f"/fa/answer/{token}/").content.decode()
    sent = Client().get(f"/fa/answer/{token}/files/{key}/")
    assert b"".join(sent.streaming_content) == PDF
    assert Disclosure.objects.filter(how="download").get().party_id == later.debtor_id
    with pytest.raises(NotFound):
        files.download_carried(by=world.clerk("a0"), obligation_id=owed.pk, file_id=key)
