"""How is a service laid out, and what does a change make of the layout?

Pure. Data needs are declared by the pack, field by field, and no change may break one: it is
refused, and the field is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from payvand.foresight.rules.network import Network, build, in_sequence

EVERY = "*"
START, CAP, DEEMED, REGISTER, DROP, MERGE, DESKS = (
    "start", "cap", "deemed", "register", "drop", "merge", "desks",
)  # fmt: skip
KINDS = (START, CAP, DEEMED, REGISTER, DROP, MERGE, DESKS)
MOST_CHANGES = 11
LONGEST_CAP, MOST_DESKS = 120, 50


@dataclass(frozen=True, slots=True)
class Need:
    """A field of another question's answer that a question cannot do without."""

    question: str
    field: str  # "" = any answer


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the layout."""

    key: str
    role: str
    needs: tuple[Need, ...] = ()
    after: tuple[str, ...] = ()
    join: int | None = None
    term_days: int | None = None  # its strictest term in working days
    silence_ref: str = ""  # the article by which silence has an effect, where one is cited
    silence_does: str = "none"
    checked: tuple[str, ...] = ()  # its fields that a check of the decision reads
    refusals: tuple[int, ...] = ()  # numbered conditions for which it is asked


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The questions of a service, each after those it waits for, and the decision's term."""

    questions: tuple[Question, ...]
    has_decision: bool = True
    decision_days: int | None = None

    def question(self, key: str) -> Question | None:
        """Return a question; None if there is none."""
        return next((one for one in self.questions if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One change to the layout, as it stands in an address: cap:tax_status:5."""

    kind: str
    key: str
    number: int = 0  # days of a cap, desks that are added
    other: str = ""  # the question merged into `key`
    now: int = 0  # desks there are now

    @classmethod
    def parse(cls, text: str) -> Change:
        """Return the change that a text says. Raises Refused.

        >>> Change.parse("cap:tax_status:5"), Change.parse("merge:health:police_premises").other
        (Change(kind='cap', key='tax_status', number=5, other='', now=0), 'police_premises')
        """
        kind, _, rest = text.partition(":")
        key, _, value = rest.partition(":")
        if kind not in KINDS or not key:
            raise Refused("unreadable", text=text)
        if kind == MERGE:
            return cls(kind, key, other=value)
        if kind == DESKS:
            now, _, more = value.partition("+")
            return cls(kind, key, number=_count(more, MOST_DESKS), now=_count(now, MOST_DESKS))
        if kind == CAP:
            return cls(kind, key, number=_count(value, LONGEST_CAP))
        return cls(kind, key)

    def __str__(self) -> str:
        tail = {MERGE: f":{self.other}", DESKS: f":{self.now}+{self.number}",
                CAP: f":{self.number}"}  # fmt: skip
        return f"{self.kind}:{self.key}{tail.get(self.kind, '')}"


def _count(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise Refused("number", text=text, most=most)
    return int(text)


class Refused(ValueError):
    """The change would break something: `code` says what, `facts` name the field."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Layout:
    """A blueprint with changes applied: what is asked, in which order, how quickly."""

    blueprint: Blueprint
    order: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    free: frozenset[str] = frozenset()  # asked as soon as their data are there, whatever the base
    caps: Mapping[str, int] = field(default_factory=dict)
    at_once: frozenset[str] = frozenset()
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key → also answers these
    desks: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # key → now, added
    sequence: bool = False

    @classmethod
    def of(cls, blueprint: Blueprint, *, sequence: bool = False) -> Layout:
        """Return the layout as the service is, or with each question after the one before."""
        return cls(
            blueprint,
            tuple(one.key for one in blueprint.questions),
            {q.key: tuple(dict.fromkeys(n.question for n in q.needs)) for q in blueprint.questions},
            {q.key: q.after for q in blueprint.questions},
            sequence=sequence,
        )

    def network(self) -> Network:
        """Return the network of the layout."""
        decides = self.blueprint.has_decision
        joins = {q.key: q.join for q in self.blueprint.questions}
        if not self.sequence:
            return build(self.order, self.needs, self.after, joins, decision=decides)
        if not self.free:
            return in_sequence(self.order, decision=decides)
        queue = [key for key in self.order if key not in self.free]
        after = {key: tuple(queue[:n]) for n, key in enumerate(queue)}
        return build(
            _sorted(self.order, self.needs, after), self.needs, after, {}, decision=decides
        )

    def wide_open(self) -> Layout:
        """Return the layout in which nothing waits for anything; the data needs forbid it."""
        nothing: dict[str, tuple[str, ...]] = dict.fromkeys(self.order, ())
        return replace(self, needs=nothing, after=nothing, sequence=False)


def _sorted(
    order: Sequence[str], needs: Mapping[str, Iterable[str]], after: Mapping[str, Iterable[str]]
) -> tuple[str, ...]:
    placed: dict[str, None] = {}
    left = list(order)
    while left:
        ready = next(
            key for key in left
            if all(one in placed or one not in order
                   for one in (*needs.get(key, ()), *after.get(key, ())))
        )  # fmt: skip
        placed[ready] = None
        left.remove(ready)
    return tuple(placed)


def change(layout: Layout, one: Change) -> Layout:
    """Return the layout with one change more. Raises Refused, naming the field that is needed."""
    if one.key == EVERY and one.kind == CAP:
        return replace(layout, caps={**dict.fromkeys(layout.order, one.number), **layout.caps})
    question = layout.blueprint.question(one.key)
    if question is None or one.key not in layout.order:
        raise Refused("no_question", key=one.key)
    return _APPLY[one.kind](layout, question, one)


def _start(layout: Layout, question: Question, _one: Change) -> Layout:
    """Ask as soon as the data are there; an order that is only policy falls away."""
    waits = layout.after.get(question.key, ())
    if not layout.sequence and not waits:
        need = next((n for n in question.needs if n.question in layout.order), None)
        if need is not None:
            raise Refused("needs", key=question.key, field=need.field, of=need.question)
        raise Refused("at_once_already", key=question.key)
    return replace(layout, after={**layout.after, question.key: ()},
                   free=layout.free | {question.key})  # fmt: skip


def _cap(layout: Layout, question: Question, one: Change) -> Layout:
    return replace(layout, caps={**layout.caps, question.key: one.number})


def _deemed(layout: Layout, question: Question, _one: Change) -> Layout:
    """Let silence count at the end of the term: only by a cited article, and where no data are."""
    if not question.silence_ref:
        raise Refused("no_ground", key=question.key)
    if question.term_days is None:
        raise Refused("no_term", key=question.key)
    if question.silence_does != "none":
        raise Refused("deemed_already", key=question.key)
    _keep_fields(layout, question)
    return replace(layout, caps={**layout.caps, question.key: question.term_days})


def _register(layout: Layout, question: Question, _one: Change) -> Layout:
    return replace(layout, at_once=layout.at_once | {question.key})


def _drop(layout: Layout, question: Question, _one: Change) -> Layout:
    _keep_fields(layout, question)
    return replace(layout, order=tuple(key for key in layout.order if key != question.key))


def _keep_fields(layout: Layout, question: Question) -> None:
    """Refuse where another question, or a check of the decision, needs an answer of this one."""
    for other in layout.blueprint.questions:
        if other.key not in layout.order or other.key == question.key:
            continue
        for need in other.needs:
            if need.question == question.key:
                raise Refused("needed_by", key=question.key, field=need.field, by=other.key)
    if question.checked:
        raise Refused("checked", key=question.key, field=question.checked[0])


def _merge(layout: Layout, question: Question, one: Change) -> Layout:
    """Let the office of one question answer another too; neither may wait for the other's data."""
    other = layout.blueprint.question(one.other)
    if other is None or other.key not in layout.order or other.key == question.key:
        raise Refused("no_question", key=one.other)
    for first, second in ((question.key, other.key), (other.key, question.key)):
        chain = _chain(layout, first, second)
        if chain is not None:
            raise Refused("needs", key=first, field=chain.field, of=chain.question)

    def moved(keys: Iterable[str]) -> tuple[str, ...]:
        named = (question.key if key == other.key else key for key in keys)
        return tuple(dict.fromkeys(named))

    own = question.key
    needs = {key: moved(layout.needs[key]) for key in layout.order}
    after = {key: moved(layout.after.get(key, ())) for key in layout.order}
    needs[own] = tuple(k for k in dict.fromkeys((*needs[own], *needs[other.key])) if k != own)
    after[own] = tuple(k for k in dict.fromkeys((*after[own], *after[other.key])) if k != own)
    order = tuple(key for key in layout.order if key != other.key)
    also = (*layout.merged.get(own, ()), other.key, *layout.merged.get(other.key, ()))
    return replace(
        layout, order=_sorted(order, needs, {} if layout.sequence else after), needs=needs,
        after=after, merged={**layout.merged, own: also},
    )  # fmt: skip


def _chain(layout: Layout, first: str, second: str) -> Need | None:
    """Return the need by which `first` waits for `second`, directly or through others."""
    seen: set[str] = set()
    stack: list[tuple[str, Need | None]] = [(first, None)]
    while stack:
        key, begun_by = stack.pop()
        question = layout.blueprint.question(key)
        for need in question.needs if question else ():
            begin = begun_by or need
            if need.question == second:
                return begin
            if need.question not in seen and need.question in layout.order:
                seen.add(need.question)
                stack.append((need.question, begin))
    return None


def _desks(layout: Layout, question: Question, one: Change) -> Layout:
    return replace(layout, desks={**layout.desks, question.key: (one.now, one.number)})


_APPLY = {
    START: _start, CAP: _cap, DEEMED: _deemed, REGISTER: _register, DROP: _drop, MERGE: _merge,
    DESKS: _desks,
}  # fmt: skip


def term_in_working_days(amount: int, unit: str) -> int:
    """Return a term as whole working days: five of seven calendar days, eight hours a day."""
    share = {"wd": 1.0, "d": 5 / 7, "wh": 1 / 8}[unit]
    return max(1, -int(-amount * share // 1))
