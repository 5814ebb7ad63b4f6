"""Which words of a text count, and when are two words the same?

The same analysis serves needs and evidence. It starts from `kernel.text.tokens`; then compounds
typed as one word are parted (دانشبنیان), words without content fall away, and a light stem makes
machine, machines and machining, or دستگاه and دستگاه‌ها, one. No word is ever guessed from context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from payvand.kernel.text import tokens
from payvand.matching.rules.plurals import singulars
from payvand.matching.rules.verbs import forms

Compounds = Mapping[str, tuple[str, ...]]
NO_COMPOUNDS: Compounds = {}

_STOP_EN = frozenset(
    "a about above across after again against all almost along already also although always am "
    "among an and another any anyone anything are around as at be became because been before "
    "being below between both but by can cannot could did do does doing done down due during each "
    "either else elsewhere etc even ever every few for from further had has have having he hence "
    "her here him his how however i ie if in indeed into is it its itself just last least less "
    "made many may me might more moreover most mostly much must my namely neither never next no "
    "nobody none nor not nothing now of off often on once one only onto or other others our out "
    "over own per perhaps please rather re same seem several she should since so some somehow "
    "something still such than that the their them then there therefore these they this those "
    "through throughout thus to together too toward towards under until up upon us very via was "
    "we well were what whatever when where whether which while who whole whom whose why will with "
    "within without would yet you your".split()
)
_STOP_FA = frozenset(
    "از به با در بر برای تا و یا که را این ان آن اینکه است هست هستند بود بودند باشد باشند شود شوند "
    "شد شده شدن می نمی ها های هایی هایمان هایشان ای ام ات اش مان شان هر همه هم نیز یک یکی دو چند "
    "چه چون اگر ولی اما پس روی زیر طی ضمن جهت طبق مورد نیاز نیازمند نیازمندیم خواهیم دارد "
    "دارند داریم دارای داشته داشتن کند کنند کنیم کرد کرده کردن گردد گردید نمودن نماید ما شما او "
    "ایشان انها آنها وی خود خویش دیگر سایر بدون باید بتواند بتوانند تواند توانند میشود "
    "میکند میکنیم دنبال لازم قابل نوع انواع شامل وغیره ترین تر بسیار خیلی فقط حتی همچنین همین همان "
    "انجام وجود عنوان صورت خواهد خواهند بوده ایم اند هستیم گونه "
    "کسی کس چیزی چیز جایی جوری طوری چنان چنین همیشه گاهی اکنون الان حالا فعلا امروز مدام مرتب "
    "مثل مانند نباید نیست نباشد ندارد نداریم بیاید بدهد بدهند دهد دهند بگیرد بگیرند بماند بشود "
    "شوند نشود توانیم بتوانیم خودمان خودشان آنجا اینجا وقتی هنگام خواهم بخواهیم لطفا ضمنا "
    "حداکثر حداقل تقریبا واقعا کاملا اصلا یعنی زیاد بیشتر".split()
)
STOP = _STOP_EN | frozenset("".join(tokens(word)) for word in _STOP_FA)

_PERSIAN = re.compile("[\u0600-\u06ff]")
_ZWNJ_WORD = re.compile(r"\w+(?:\u200c+\w+)+")
# Written to the word without a ZWNJ, longest first
_PLURALS = ("هایشان", "هایمان", "هایی", "های", "ها")
# Whose it is: کامیونمان, پولش; parted only where the rest is a word that somebody uses
_OWNERS = ("مان", "شان", "تان", "ان", "ش", "ت", "م", "ی")
_MIN_STEM = 3


def words(
    text: str, compounds: Compounds = NO_COMPOUNDS, is_known: Callable[[str], bool] | None = None
) -> list[str]:
    r"""Return the words of a text that carry content, folded, in their order.

    compounds: joined spelling -> its parts; is_known: says whether a word occurs in the bank, so
    that an unknown word may be parted into two known ones.

    >>> words("قطعات خودرو برای دانشبنيان ها", {"دانشبنیان": ("دانش", "بنیان")})
    ['قطعات', 'خودرو', 'دانش', 'بنیان']
    """
    found: list[str] = []
    for token in tokens(text):
        if token in STOP or len(token) < 2:
            continue
        parts = compounds.get(token) if compounds else None
        if parts is None and is_known is not None and not is_known(token):
            parts = parted(token, is_known)
        if parts is None:
            found.append(token)
        else:
            found += [part for part in parts if part not in STOP and len(part) > 1]
    return found


def is_persian(text: str) -> bool:
    """Return whether more words of a text are Persian than not.

    >>> is_persian("پمپ آب pump"), is_persian("پمپ water pump")
    (True, False)
    """
    spoken = tokens(text)
    return 2 * sum(bool(_PERSIAN.match(word)) for word in spoken) > len(spoken)


def parted(word: str, is_known: Callable[[str], bool]) -> tuple[str, ...] | None:
    """Return two known words (or a word and a plural sign) that were typed as one, else None.

    >>> parted("سیمکشی", {"سیم", "کشی"}.__contains__)
    ('سیم', 'کشی')
    """
    if len(word) < 4 or not _PERSIAN.match(word):
        return None
    for sign in (*_PLURALS, *_OWNERS):
        rest = word.removesuffix(sign)
        if rest != word and len(rest) > 1 and is_known(rest):
            return (rest,)
    cuts = sorted(range(2, len(word) - 1), key=lambda at: abs(2 * at - len(word)))
    for at in cuts:
        if is_known(word[:at]) and is_known(word[at:]):
            return word[:at], word[at:]
    return None


def compounds_of(text: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    r"""Yield joined spelling and parts of every word of a text that is written with a ZWNJ.

    >>> dict(compounds_of("شرکت دانش\u200cبنیان"))
    {'دانشبنیان': ('دانش', 'بنیان')}
    """
    if "\u200c" not in text:
        return
    for word in _ZWNJ_WORD.findall(text):
        parts = tuple(tokens(word))
        joined = "".join(parts)
        if len(parts) > 1 and len(joined) > 3:
            yield joined, parts


def stem(word: str) -> str:
    """Return the form under which a word is compared.

    >>> stem("machines"), stem("دستگاهها"), stem("صنعتی"), stem("تجهیزات")
    ('machin', 'دستگاه', 'صنعت', 'تجهیز')
    """
    return _stem(word)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    if _PERSIAN.match(word):
        return _persian(word)
    return str(_english()(word)) if word[:1].isalpha() else word


@lru_cache(maxsize=1)
def _english() -> Callable[[str], str]:
    import snowballstemmer

    stemmer: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stemmer


def _persian(word: str) -> str:
    """Return the stem of a Persian word: of a verb its past stem, else the word without signs."""
    known = forms()
    word = singulars().get(word, word)
    if word in known:
        return known[word]
    bare = _without_signs(word)
    return known.get(bare, bare)


def _without_signs(word: str) -> str:
    for plural in _PLURALS:
        if word.endswith(plural) and len(word) - len(plural) >= _MIN_STEM:
            word = word.removesuffix(plural)
            break
    if word.endswith("ات") and len(word) > 5:
        word = word.removesuffix("ات")
    if word.endswith("ترین") and len(word) > 6:
        word = word.removesuffix("ترین")
    if word.endswith("ی") and len(word) > _MIN_STEM + 1:
        word = word.removesuffix("ی")
    return word


def stems(text: str, compounds: Compounds = NO_COMPOUNDS) -> list[str]:
    """Return the stems of the words of a text, in their order."""
    return [stem(word) for word in words(text, compounds)]
