"""What does foresight keep: what was learnt, and every promise as it was made?"""

from payvand.foresight.models.promises import Learnt, Promise, Reading

__all__ = ["Learnt", "Promise", "Reading"]
