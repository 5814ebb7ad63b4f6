"""What may other contexts ask of the matching, and what may they tell it?

`rank(need, …)` gives firms with reasons; `suggest_terms(prefix, lang)` completes while somebody
types; `index_changed(parties)` makes what changed findable at once.
"""

from collections.abc import Sequence

from payvand.matching import access, queries
from payvand.matching.actions import (
    BadTerms,
    Imported,
    export_terms,
    import_terms,
    index_changed,
    rebuild_index,
    seed_terms,
)
from payvand.matching.queries import Because, Match, facts_of, suggest_terms
from payvand.matching.rules.eligibility import Eligibility, Judged, Requirement, judge
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.registry.public import Actor

__all__ = [
    "BadTerms",
    "Because",
    "Eligibility",
    "EvidenceText",
    "Imported",
    "Judged",
    "Match",
    "NeedText",
    "Requirement",
    "export_terms",
    "facts_of",
    "import_terms",
    "index_changed",
    "judge",
    "rank",
    "rebuild_index",
    "seed_terms",
    "suggest_terms",
]


def rank(
    need: NeedText | str,
    *,
    by: Actor,
    limit: int = queries.PAGE,
    requirements: Sequence[Requirement] = (),
    is_fair: bool = True,
) -> list[Match]:
    """Return the firms that fit a need, the best first, newcomers with their fair share.

    Whether this actor may see a ranking for this very need is decided by whoever knows the need.
    Raises Refused.
    """
    access.may_search(by).or_raise()
    return queries.rank(need, limit=limit, requirements=requirements, is_fair=is_fair)
