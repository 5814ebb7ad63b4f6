"""What does the matching keep?"""

from payvand.matching.models.index import IndexedEvidence, IndexedWord
from payvand.matching.models.terms import Term

__all__ = ["IndexedEvidence", "IndexedWord", "Term"]
