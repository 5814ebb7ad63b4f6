"""What happens to one sample application, from its submission until now?

A story is told in memory with the product's own rules: the window says what may be asked, the
ledger derives every clock, climbs every ladder and lets silence take effect. Only the people are
made up. Nothing is written here; `history` writes many stories at once.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from payvand.audit.public import Entry
from payvand.demo import conduct, licences, verdicts
from payvand.demo.filings import Filing
from payvand.demo.rules import chance
from payvand.demo.stage import Stage, Unnumbered
from payvand.kernel import clock
from payvand.kernel.ids import uuid7
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

OUTAGE_TRIES = 14
UNSET: dict[str, Any] = {
    "opened_at": None, "delivered_at": None, "proof": "", "answered_at": None, "recorded_at": None,
    "outcome": "", "reply": None, "rung": 0, "has_stops": False, "claimed_by_id": None,
}  # fmt: skip


@dataclass
class Story:
    """One application with everything that was written about it."""

    stage: Stage
    filing: Filing
    case: window.Case = field(init=False)
    row: dict[str, Any] = field(init=False)  # of the application
    work: ledger.Work = field(init=False)
    owed: dict[UUID, ledger.Owed] = field(default_factory=dict)
    stops: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # obligation → interruption
    log: list[tuple[datetime, str, Entry]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    licences: list[window.Licence] = field(default_factory=list)
    unnumbered: list[Unnumbered] = field(default_factory=list)
    handed_over: list[tuple[window.HandOver, window.Licence]] = field(default_factory=list)
    _queue: list[tuple[datetime, int, str, UUID | None]] = field(default_factory=list)
    _order: int = 0
    _adopted: int = 0

    def tell(self) -> None:
        """Let the application run until the stage's end."""
        self._submit()
        while self._queue and self._queue[0][0] <= self.stage.until:
            at, _, what, key = heapq.heappop(self._queue)
            self.work.at = at
            with clock.frozen(at):
                getattr(self, f"_on_{what}")(key)
                self._drain()
        waits = any(o.kind == "inquiry" and o.state == "stopped" for o in self.owed.values())
        is_awaiting = waits and self.case.state == "in_review"
        self.row["state"] = "awaiting" if is_awaiting else self.case.state

    # -- the applicant ---------------------------------------------------------------------------

    def _submit(self) -> None:
        told, version = self.filing, self.stage.versions[self.filing.service]
        service = window.service_of(version)
        plan = window.plan(service, told.facts, clock.local_date(told.at))
        self.row = {
            "id": uuid7(told.at), "code": told.code, "version_id": version,
            "service_id": told.service, "applicant_id": told.applicant, "place_id": told.place,
            "submitted_by": told.by, "assisted": told.assisted, "data": told.facts,
            "plan": plan.to_json(), "state": "in_review", "submitted_at": told.at,
            "decided_at": None, "outcome": "", "sequential": told.sequential,
        }  # fmt: skip
        self.case = window.Case(self.row)
        self.work = ledger.Work(at=told.at, by=told.by)
        with clock.frozen(told.at):
            self.note("window.submitted", f"application:{self.case.id}", service=service.id,
                       version=service.version, code=told.code,
                       inquiries=len(plan.active))  # fmt: skip
            self._go_on(window.ready(service, self.case.plan, {}))
            self.tell_applicant("application.submitted")
            self._drain()
        verdicts.charge(self, service)
        luck = chance.patience(told.code, "withdraw", 9.0)
        if luck.fate < conduct.WITHDRAWN_SHARE:
            self.later(told.at + timedelta(days=luck.days), "withdraw")

    def _on_pay(self, _: UUID | None) -> None:
        verdicts.pay(self)

    def _on_withdraw(self, _: UUID | None) -> None:
        """Withdraw: what is open is closed, recorded opinions stay."""
        if self.case.state not in ("in_review", "deciding"):
            return
        self.work.by = self.filing.by
        for owed in self.owed.values():
            if owed.state in ledger.OPEN:
                owed.state, owed.outcome, owed.next_rung_at = "cancelled", "cancelled", None
                self.note("ledger.cancelled", f"obligation:{owed.id}", reason="withdrawn")
        self.case.state = "withdrawn"
        self.row["decided_at"] = self.work.at
        self.note("window.withdrawn", f"application:{self.case.id}", reason="انصراف متقاضی")

    def _on_object(self, _: UUID | None) -> None:
        verdicts.object_(self)

    def _on_suspend(self, _: UUID | None) -> None:
        licences.suspend(self)

    def _on_reinstate(self, _: UUID | None) -> None:
        licences.reinstate(self)

    def _on_revoke(self, _: UUID | None) -> None:
        licences.revoke(self)

    def _on_renew(self, _: UUID | None) -> None:
        licences.renew(self)

    def decider(self) -> str:
        owner = window.owner_of(self.case.version_id)
        return self.stage.desks.get(owner, "sample:desk")

    # -- the offices -----------------------------------------------------------------------------

    def _on_deliver(self, key: UUID | None) -> None:
        """The letter was taken, or the agency's system gave its receipt."""
        owed = self._open(key)
        if owed is None or owed.delivered_at is not None:
            return
        self.work.by = "system:outbox"
        if (down := self.stage.outage_of(owed)) is not None:
            self.note("ledger.outage", f"obligation:{owed.id}", channel=owed.level,
                      begin=max(down[0], owed.sent_at).isoformat(),
                      end=self.work.at.isoformat(), attempts=OUTAGE_TRIES)  # fmt: skip
        kind = "receipt" if owed.level == "rest" else "letter"
        owed.delivered_at, owed.proof = self.work.at, f"{kind}:{owed.case_code[:6]}"
        self.note("ledger.delivered", f"obligation:{owed.id}", channel=owed.level,
                   key=f"{owed.id}/1")  # fmt: skip
        self._rederive(owed)

    def _on_open(self, key: UUID | None) -> None:
        """Somebody of the agency opens the inquiry: proof of delivery, and a disclosure."""
        owed = self._open(key)
        if owed is None or owed.opened_at is not None or owed.state != "sent":
            return
        self.work.by = self._desk(owed)
        owed.opened_at = self.work.at
        if owed.delivered_at is None:
            owed.delivered_at, owed.proof = self.work.at, "opened"
        self.note("ledger.opened", f"obligation:{owed.id}")
        payload = next(r for r in self.work.inserts["Obligation"] if r["id"] == owed.id)["payload"]
        if payload:
            self.work.add("Disclosure", case_id=owed.case_id, obligation_id=owed.id,
                          party_id=owed.debtor_id, actor=self.work.by, fields=sorted(payload),
                          how="opened", at=self.work.at)  # fmt: skip
        self._rederive(owed)

    def _on_look(self, key: UUID | None) -> None:
        """The sweep looks: a rung, a presumption, or silence."""
        owed = self._open(key)
        if owed is None or owed.next_rung_at is None or owed.next_rung_at > self.work.at:
            return
        self.work.by = "system:sweep"
        self._rederive(owed)

    def _on_stop(self, key: UUID | None) -> None:
        """Something is missing: the applicant is asked, the clock stands still."""
        owed = self._open(key)
        if owed is None or owed.state != "sent":
            return
        declared = owed.spec["completion"]
        self.work.by = self._desk(owed)
        owed.state, owed.has_stops = "stopped", True
        if owed.delivered_at is None:
            owed.delivered_at, owed.proof = self.work.at, "opened"
        self.work.add("Interruption", obligation_id=owed.id, kind="completion",
                      starts=self.work.at, ends=None, ground_ref="")  # fmt: skip
        self.stops[owed.id] = self.work.inserts["Interruption"][-1]
        self._rederive(owed)
        self.ask([
            ledger.Ask("completion", owed.case_id, f"{owed.question}.completion", owed.title,
                       owed.debtor_id, self.case.applicant, term=declared["term"],
                       case_code=owed.case_code, service=owed.service, place=owed.place_id,
                       about=owed.id, spec={"items": declared["items"][:1],
                                            "text": "این مدرک در پرونده نیست؛ لطفاً بفرستید."})
        ])  # fmt: skip
        self.tell_applicant("completion.asked", title=owed.title)
        self.note("ledger.stopped", f"obligation:{owed.id}",
                   items=[one["id"] for one in declared["items"][:1]])  # fmt: skip

    def _on_draft(self, key: UUID | None) -> None:
        """Where two signatures are asked, a clerk writes first and somebody else signs."""
        owed = self._open(key)
        if owed is None or owed.state != "sent":
            return
        self.work.by, told = self._desk(owed), self._reply(owed)
        self.work.add("Answer", obligation_id=owed.id, no=0, state="draft", reply=told.as_json(),
                      written_by=self.work.by, at=self.work.at)  # fmt: skip
        self.note("ledger.drafted", f"obligation:{owed.id}", outcome=told.outcome)

    def _writer(self, owed: ledger.Owed) -> str:
        """Return who wrote the draft, which is an answer now; else who answers."""
        answers = self.work.inserts.get("Answer", [])
        draft = next((a for a in answers if a["obligation_id"] == owed.id), None)
        if draft is None:
            return self.work.by
        answers.remove(draft)
        return str(draft["written_by"])

    def _on_answer(self, key: UUID | None) -> None:
        """The debtor answers, whoever it is."""
        owed = self._open(key)
        if owed is None or owed.state != "sent" or self._answer_at(owed) > self.work.at:
            return
        told = self._reply(owed)
        self.work.by = self._desk(owed)
        if conduct.signatures(owed) > 1:
            self.work.by = self.stage.signers.get(owed.debtor_id, self.work.by)
        if owed.delivered_at is None:
            owed.delivered_at, owed.proof = self.work.at, "answered"
        owed.opened_at = owed.opened_at or self.work.at
        owed.state, owed.outcome, owed.reply = "answered", told.outcome, told.as_json()
        owed.answered_at = owed.recorded_at = self.work.at
        owed.next_rung_at = None
        self.work.add("Answer", obligation_id=owed.id, no=1, state="signed", reply=owed.reply,
                      written_by=self._writer(owed), signed_by=self.work.by,
                      at=self.work.at)  # fmt: skip
        self.note("ledger.answered", f"obligation:{owed.id}", outcome=told.outcome,
                   question=owed.question,
                   late=bool(owed.due_at and self.work.at > owed.due_at))  # fmt: skip
        self._after(owed)

    # -- what follows ----------------------------------------------------------------------------

    def _after(self, owed: ledger.Owed) -> None:
        """Carry an answer, or silence, into the case."""
        if owed.kind == "inquiry":
            fields = (owed.reply or {}).get("fields", {})
            self.case.take(owed.question, owed.outcome, fields)
            if self.case.state == "in_review":
                self.tell_applicant("inquiry.answered", title=owed.title, outcome=owed.outcome)
                self._go_on(self.case.ready_after(owed.question))
        elif owed.kind == "decision":
            verdicts.settle(self, owed)
        elif owed.kind == "objection":
            verdicts.after_objection(self, owed)
        elif owed.kind == "completion" and owed.about_id in self.stops:
            about = self.owed[owed.about_id]
            self.stops[about.id]["ends"] = self.work.at
            about.state = "sent"
            self._rederive(about)
            self.note("ledger.resumed", f"obligation:{about.id}")
            self.later(self._answer_at(about), "answer", about.id)

    def _go_on(self, nodes: Sequence[str]) -> None:
        """Ask what may start now; in a sequential case, one after another."""
        case = self.case
        if self.filing.sequential:
            waiting = any(o.kind == "inquiry" and o.state in ledger.OPEN
                          for o in self.owed.values())  # fmt: skip
            every = window.ready(case.service, case.plan, case.answers, case.returned)
            nodes = () if waiting else every[:1]
        for node in nodes:
            case.answers[node] = None
        self.ask(window.asks_for(case, nodes))
        if not nodes and case.is_complete() and case.state == "in_review":
            self.ask([window.decision_ask(case)])
            case.state = "deciding"

    def ask(self, asks: Sequence[ledger.Ask]) -> None:
        if asks:
            ledger.put(self.work, asks)
            self._adopt()

    def _adopt(self) -> None:
        """Take over the obligations that were put into the step, and see what comes of them."""
        rows = self.work.inserts.get("Obligation", [])
        for row in rows[self._adopted :]:
            known = {k: v for k, v in row.items() if k not in ("payload", "rung_no")}
            owed = ledger.Owed(**UNSET, **known)
            self.owed[owed.id] = owed
            self._foresee(owed)
        self._adopted = len(rows)
        for out in self.work.inserts.get("Outbox", ()):
            if out.get("state") is None:
                out |= {"state": "sent", "attempts": 1, "sent_at": self.work.at,
                        "next_try_at": None, "receipt": "sample"}  # fmt: skip

    def _foresee(self, owed: ledger.Owed) -> None:
        """Put into the queue what will happen to an obligation."""
        if owed.next_rung_at is not None:
            self.later(owed.next_rung_at, "look", owed.id)
        answer_at = self._answer_at(owed)
        if owed.kind in ("acknowledgement", "completion", "condition"):
            if conduct.is_ever_answered(owed, self._luck(owed)) and not self._is_left(owed):
                self.later(answer_at, "answer", owed.id)
            return
        luck, calendar = self._luck(owed), registry.calendar_of(owed.debtor_id)
        if owed.level != "inbox":
            wait = 0.05 if owed.level == "rest" else min(1.5, luck.days / 2)
            down = self.stage.outage_of(owed)
            arrives = down[1] if down else chance.after(owed.sent_at, wait, calendar)
            self.later(arrives, "deliver", owed.id)
        else:
            early = min(luck.days * luck.opened, 3.0)
            self.later(chance.after(owed.sent_at, early, calendar), "open", owed.id)
        share = conduct.share_of(is_own=self.filing.is_own)
        if owed.spec.get("completion") and luck.stop < share and owed.due_at is not None:
            first = owed.sent_at + (owed.due_at - owed.sent_at) * 0.25
            self.later(first, "stop", owed.id)
        if conduct.signatures(owed) > 1:
            written = chance.after(owed.sent_at, luck.days * conduct.DRAFTED_AT, calendar)
            self.later(written, "draft", owed.id)
        self.later(answer_at, "answer", owed.id)

    def _is_left(self, owed: ledger.Owed) -> bool:
        """Is this a new task of an account of the sign-in page, for its visitor to do?"""
        new = self.stage.until - owed.sent_at < conduct.LEFT_TO_VISITORS
        own = self.filing.is_own and owed.kind == "completion"
        return new and (own or owed.office_id in self.stage.tried)

    def _luck(self, owed: ledger.Owed) -> chance.Draw:
        return conduct.luck_of(owed, self.stage.slugs.get(owed.debtor_id, ""))

    def _answer_at(self, owed: ledger.Owed) -> datetime:
        stop, luck = self.stops.get(owed.id), self._luck(owed)
        at = conduct.answer_at(owed, luck, stop["ends"] if stop else None)
        down = self.stage.outage_of(owed)
        return conduct.answer_at(owed, luck, down[1]) if down and at <= down[1] else at

    def _reply(self, owed: ledger.Owed) -> ledger.Reply:
        luck, on = self._luck(owed), clock.local_date(self.work.at)
        wanted = verdicts.wise(self.case, luck.fate) if owed.kind == "decision" else ""
        return conduct.words_of(owed, luck, on, wanted)

    def _rederive(self, owed: ledger.Owed) -> None:
        """Let the ledger take every step that the obligation owes by now."""
        stop = self.stops.get(owed.id)
        stretches = ((stop["starts"], stop["ends"]),) if stop else ()
        before = owed.next_rung_at
        if ledger.look_at(owed, self.work, stretches):
            self._after(owed)
        self._adopt()
        if owed.next_rung_at is not None and owed.next_rung_at != before:
            self.later(owed.next_rung_at, "look", owed.id)

    def _open(self, key: UUID | None) -> ledger.Owed | None:
        owed = self.owed[key] if key is not None else None
        return owed if owed is not None and owed.state in ledger.OPEN else None

    def _desk(self, owed: ledger.Owed) -> str:
        """Return how the log names who acts for the debtor."""
        if owed.office_id is not None:
            held = registry.holders_of(owed.office_id, clock.local_date(self.work.at))
            return f"user:{held[0]}" if held else "sample:office"
        if owed.kind in ("completion", "condition"):
            return self.filing.by
        return self.stage.desks.get(owed.debtor_id, "sample:desk")

    def tell_applicant(self, verb: str, **args: Any) -> None:
        self.work.add("Notice", party_id=self.case.applicant, case_id=self.case.id, verb=verb,
                      args={"code": self.case.code, **args}, at=self.work.at)  # fmt: skip

    def note(self, verb: str, subject: str, **facts: Any) -> None:
        self.work.log(self.case.id, verb, subject, **facts)

    def _drain(self) -> None:
        """Move what the step noted into the story's log, with its moment and its author."""
        self.log += [(self.work.at, self.work.by, entry) for entry in self.work.entries]
        self.work.entries.clear()

    def later(self, at: datetime, what: str, key: UUID | None = None) -> None:
        if at <= self.stage.until:
            self._order += 1
            heapq.heappush(self._queue, (max(at, self.work.at), self._order, what, key))
