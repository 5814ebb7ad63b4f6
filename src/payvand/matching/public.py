"""What may other contexts ask of the matching, and what may they tell it?

`rank(need, …)` gives firms with reasons; `suggest_terms(prefix, lang)` completes while somebody
types; `index_changed(parties)` makes what changed findable at once.
"""

from payvand.matching.actions import (
    BadTerms,
    Imported,
    export_terms,
    import_terms,
    index_changed,
    rebuild_index,
    seed_terms,
)
from payvand.matching.queries import Because, Match, facts_of, rank, suggest_terms
from payvand.matching.rules.eligibility import Eligibility, Judged, Requirement, judge
from payvand.matching.rules.evidence import EvidenceText, NeedText

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
