"""Which classification codes does a typed text hold: ISIC, HS, CPV?

Pure. One form for all: `isic:2930 hs:870899`, each once, as texts of at most 200 characters.
"""

from __future__ import annotations

import re

from payvand.kernel.text import fold_digits

LONGEST = 200  # of all codes together
_CODE = re.compile(r"(isic|hs|cpv):([0-9]{2,10})")


def codes(text: str) -> str:
    """Return classification codes in one form, each once; what is no code falls away.

    >>> codes("ISIC:۲۹۳۰, hs 8708.99  cpv:34300000-0 foo")
    'isic:2930 hs:870899 cpv:34300000'
    """
    if not text:
        return ""
    found = _CODE.findall(re.sub(r"(?<=[0-9])[.](?=[0-9])", "", _spelled(text)))
    kept = ""
    for one in dict.fromkeys(f"{scheme}:{number}" for scheme, number in found):
        if len(kept) + len(one) < LONGEST:  # never half a code
            kept = f"{kept} {one}" if kept else one
    return kept


def bad_codes(text: str) -> list[str]:
    """Return the parts of a typed list of codes that are none."""
    return [part for part in re.split(r"[,;،؛\s]+", _spelled(text)) if part and not codes(part)]


def _spelled(text: str) -> str:
    return re.sub(r"\b(isic|hs|cpv)[\s:]*(?=[0-9])", r"\1:", fold_digits(text).lower())
