"""Does a pack have the form that schema.json describes, and if not, where does it differ?

Pure; reads the schema that is shipped with the package, once.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from payvand.window.rules.pack_problems import Path
from payvand.window.rules.pack_yaml import Source

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

TYPES = {
    "string": ("متن", "text"),
    "integer": ("عدد صحیح", "a whole number"),
    "number": ("عدد", "a number"),
    "boolean": ("true یا false", "true or false"),
    "object": ("چند کلید با مقدار", "keys with values"),
    "array": ("فهرست (هر سطر با -)", "a list (each line with -)"),
}
# by the last words of a pattern's place: what people are told about the form
FORMS = {
    "term": ("۵wd روز کاری، ۵d روز تقویمی، ۸wh ساعت کاری (رقم‌ها لاتین).", "5wd, 5d or 8wh."),
    "rung_at": ("80%، 0، +3wd یا -1wd.", "80%, 0, +3wd or -1wd."),
    "date": ('تاریخ میلادی در گیومه، مانند "2026-03-21".', 'a Gregorian date, "2026-03-21".'),
    "key": ("حرف کوچک لاتین، رقم و زیرخط.", "lower-case letters, digits, underscore."),
    "slug": ("حرف کوچک لاتین، رقم، نقطه و خط تیره.", "lower-case letters, digits, dots, hyphens."),
}


@cache
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of packs, as shipped."""
    text = resources.files("payvand.packs").joinpath("schema.json").read_text("utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker  # 9 MB, only where packs are read

    return Draft202012Validator(schema(), format_checker=FormatChecker(formats=["date"]))


def check(source: Source) -> None:
    """Report at its line everything in which `source` differs from the schema."""
    told: set[tuple[str, Path]] = set()  # jsonschema repeats itself for each missing key
    for error in _validator().iter_errors(source.data):
        for found in _innermost(error):
            kind = "form" if found.validator in ("pattern", "format") else str(found.validator)
            if (kind, path := tuple(found.absolute_path)) not in told:
                told.add((kind, path))
                _report(found, source)


def nearest(word: str, known: Iterable[str]) -> dict[str, str]:
    """Return the hint "did you mean", or the list of what is known, in both languages."""
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return {
            "hint_fa": f"شاید «{close[0]}» در نظر بوده است.",
            "hint_en": f"Did you mean '{close[0]}'?",
        }
    if not names:
        return {"hint_fa": "هنوز چیزی تعریف نشده است.", "hint_en": "Nothing is defined yet."}
    shown = names if len(names) <= 12 else [*names[:12], "…"]
    return {
        "hint_fa": "شناخته‌ها: " + "، ".join(shown) + ".",
        "hint_en": "Known: " + ", ".join(shown) + ".",
    }


def _innermost(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors of the branch that was meant, instead of "matches none of five"."""
    if error.validator != "oneOf" or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [b for b in branches.values() if not any(_is_other_branch(e) for e in b)]
    if not meant:  # only one branch takes a value of this type at all
        typed = [b for b in branches.values() if not any(_is_other_type(e) for e in b)]
        meant = typed if len(typed) == 1 else []
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _innermost(inner)
    else:
        yield error


def _is_other_type(error: ValidationError) -> bool:
    return not error.path and error.validator == "type"


def _is_other_branch(error: ValidationError) -> bool:
    """Say whether it shows that another branch was meant: another type, or other keys."""
    at_top = not error.path
    return at_top and error.validator in ("type", "enum", "required", "additionalProperties")


def _report(error: ValidationError, source: Source) -> None:
    path: Path = tuple(error.absolute_path)
    kind = str(error.validator)
    if kind == "required":
        _report_required(error, path, source)
    elif kind == "additionalProperties":
        known = error.schema.get("properties", {})
        for key in sorted(set(error.instance) - set(known)):
            source.report("schema.unknown_key", (*path, key), key=key, **nearest(key, known))
    elif kind == "type":
        _report_type(error, path, source)
    elif kind in ("enum", "const"):
        _report_enum(error, path, source)
    elif kind in ("pattern", "format"):
        _report_pattern(error, path, source)
    elif kind == "oneOf":
        _report_choice(error, path, source)
    else:
        source.report("schema.value", path, detail=error.message[:200])


def _report_required(error: ValidationError, path: Path, source: Source) -> None:
    known = error.schema.get("properties", {})
    for key in error.validator_value:
        if key in error.instance:
            continue
        if set(known) == {"fa", "en"}:
            source.report("schema.missing_language", path, key=key)
        else:
            about = known.get(key, {}).get("description", "")
            source.report("schema.required", path, key=key, about=about)


def _report_type(error: ValidationError, path: Path, source: Source) -> None:
    wanted = error.validator_value if isinstance(error.validator_value, str) else "string"
    word = source.written.get(path)
    if error.instance is None:
        source.report("yaml.empty", path, key=path[-1] if path else "")
    elif wanted == "string" and word is not None and isinstance(error.instance, bool):
        source.report("yaml.word_as_boolean", path, word=word)
    elif wanted == "string" and word is not None:
        source.report("yaml.number_as_text", path, word=word)
    else:
        expected_fa, expected = TYPES.get(wanted, (wanted, wanted))
        source.report("schema.type", path, expected=expected, expected_fa=expected_fa)


def _report_enum(error: ValidationError, path: Path, source: Source) -> None:
    word = source.written.get(path)
    if word is not None and isinstance(error.instance, bool):
        source.report("yaml.word_as_boolean", path, word=word)
        return
    wanted = error.validator_value if error.validator == "enum" else [error.validator_value]
    allowed = ", ".join(str(one) for one in wanted)
    source.report("schema.enum", path, value=error.instance, allowed=allowed)


def _report_pattern(error: ValidationError, path: Path, source: Source) -> None:
    described = str(error.schema.get("description") or error.validator_value)
    form_fa, form = described, described
    pattern = error.schema.get("pattern")
    for name, forms in FORMS.items():
        if pattern and schema()["$defs"].get(name, {}).get("pattern") == pattern:
            form_fa, form = forms
    if error.schema.get("format") == "date":
        form_fa, form = FORMS["date"]
    source.report("schema.pattern", path, value=error.instance, form=form, form_fa=form_fa)


def _report_choice(error: ValidationError, path: Path, source: Source) -> None:
    if error.instance is None:
        source.report("yaml.empty", path, key=path[-1] if path else "")
    elif len(error.validator_value) == len(schema()["$defs"]["rule"]["oneOf"]):
        source.report("schema.rule", path)
    else:
        source.report("schema.value", path, detail=str(error.schema.get("description", "")))
