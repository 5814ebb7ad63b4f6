"""What is wrong in a pack file, where, and how is it mended?

Pure. Every code has its wording here, in Persian and English; nothing else words a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a pack file; `what` and `how` are texts in both languages."""

    file: str
    line: int
    column: int
    code: str
    path: str
    what: Mapping[str, str]
    how: Mapping[str, str]
    severity: str = ERROR

    @property
    def is_error(self) -> bool:
        """Say whether the pack cannot be installed because of it."""
        return self.severity == ERROR

    def line_text(self, language: str = "en") -> str:
        """Return it as one line, as compilers print it."""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity} {self.code}: {self.what[language]} {self.how[language]}"


# code: (severity, what fa, what en, how fa, how en)
WORDING: dict[str, tuple[str, str, str, str, str]] = {
    "yaml.syntax": (
        ERROR,
        "این فایل YAML درستی نیست: {detail}.",
        "This is not valid YAML: {detail}.",
        "تورفتگی، دونقطه‌ها و گیومه‌های همین خط و خط پیش از آن را بررسی کنید.",
        "Check indentation, colons and quotes on this line and the one before.",
    ),
    "yaml.tab": (
        ERROR,
        "برای تورفتگی نویسهٔ Tab به کار رفته است.",
        "A tab is used for indentation.",
        "به جای Tab از فاصله استفاده کنید.",
        "Use spaces instead of the tab.",
    ),
    "yaml.anchor": (
        ERROR,
        "لنگر یا ارجاع YAML ({name}) در بسته پذیرفته نیست.",
        "YAML anchors and aliases ({name}) are not accepted in a pack.",
        "متن را همان‌جا که لازم است کامل بنویسید.",
        "Write the text out where it is needed.",
    ),
    "yaml.too_large": (
        ERROR,
        "فایل از اندازهٔ مجاز بزرگ‌تر یا تودرتوتر است.",
        "The file is larger or nested deeper than allowed.",
        "بسته باید کمتر از {limit} نویسه و {depth} لایه باشد.",
        "A pack has fewer than {limit} characters and {depth} levels.",
    ),
    "yaml.duplicate_key": (
        ERROR,
        "کلید «{key}» دو بار آمده است؛ بار نخست در خط {first}.",
        "The key '{key}' stands twice; first on line {first}.",
        "یکی از آن دو را بردارید یا نامش را درست کنید.",
        "Remove one of them or correct its name.",
    ),
    "yaml.word_as_boolean": (
        ERROR,
        "«{word}» بدون گیومه درست یا نادرست خوانده می‌شود، نه متن.",
        "Without quotes '{word}' is read as true or false, not as text.",
        'آن را در گیومه بنویسید: "{word}".',
        'Put it in quotes: "{word}".',
    ),
    "yaml.octal": (
        ERROR,
        "«{word}» با صفر آغاز می‌شود و عدد دیگری خوانده می‌شود.",
        "'{word}' starts with a zero and is read as another number.",
        'اگر شناسه است آن را در گیومه بنویسید ("{word}") و اگر عدد است صفرش را بردارید.',
        'Quote it if it is an identifier ("{word}"), drop the zero if it is a number.',
    ),
    "yaml.sexagesimal": (
        ERROR,
        "«{word}» بدون گیومه عددی در مبنای شصت خوانده می‌شود.",
        "Without quotes '{word}' is read as a number in base sixty.",
        'آن را در گیومه بنویسید: "{word}".',
        'Put it in quotes: "{word}".',
    ),
    "yaml.number_as_text": (
        ERROR,
        "اینجا متن لازم است، اما «{word}» بدون گیومه عدد خوانده می‌شود.",
        "Text is expected here, but without quotes '{word}' is read as a number.",
        'آن را در گیومه بنویسید: "{word}".',
        'Put it in quotes: "{word}".',
    ),
    "yaml.empty": (
        ERROR,
        "«{key}» مقداری ندارد.",
        "'{key}' has no value.",
        "مقدارش را بنویسید یا خود کلید را بردارید.",
        "Give it a value or remove the key.",
    ),
    "yaml.unquoted_date": (
        WARNING,
        "تاریخ «{word}» گیومه ندارد و برنامه‌های دیگر آن را متن نمی‌خوانند.",
        "The date '{word}' is not quoted; other programs will not read it as text.",
        'آن را در گیومه بنویسید: "{word}".',
        'Put it in quotes: "{word}".',
    ),
    "schema.required": (
        ERROR,
        "«{key}» نوشته نشده است.",
        "'{key}' is missing.",
        "آن را اضافه کنید. {about}",
        "Add it. {about}",
    ),
    "schema.missing_language": (
        ERROR,
        "متن «{key}» را ندارد.",
        "The text has no '{key}'.",
        "هر متن باید هم فارسی (fa) و هم انگلیسی (en) داشته باشد.",
        "Every text needs both Persian (fa) and English (en).",
    ),
    "schema.unknown_key": (
        ERROR,
        "«{key}» در اینجا شناخته نیست.",
        "'{key}' is not known here.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "schema.type": (
        ERROR,
        "نوع مقدار درست نیست: {expected_fa} لازم است.",
        "The value has the wrong type: {expected} is expected.",
        "مقدار را به همان صورت بنویسید.",
        "Write the value in that form.",
    ),
    "schema.enum": (
        ERROR,
        "«{value}» از مقدارهای مجاز نیست.",
        "'{value}' is not one of the allowed values.",
        "یکی از این‌ها را بنویسید: {allowed}.",
        "Write one of: {allowed}.",
    ),
    "schema.pattern": (
        ERROR,
        "«{value}» به صورت درست نوشته نشده است.",
        "'{value}' is not in the right form.",
        "شکل درست: {form_fa}",
        "The right form: {form}",
    ),
    "schema.rule": (
        ERROR,
        "این قاعده هیچ‌یک از شکل‌های شناخته را ندارد.",
        "This rule has none of the known forms.",
        "یکی از این‌ها را بنویسید: all، any، not، یا fact همراه با op.",
        "Write one of: all, any, not, or fact together with op.",
    ),
    "pack.rule_without_value": (
        ERROR,
        "قاعدهٔ «{op}» مقداری برای سنجش ندارد.",
        "The rule '{op}' has no value to compare with.",
        "value را بنویسید؛ تنها filled، empty، is_true و is_false مقدار نمی‌خواهند.",
        "Give it a `value`; only filled, empty, is_true and is_false take none.",
    ),
    "schema.value": (
        ERROR,
        "مقدار پذیرفته نیست.",
        "The value is not accepted.",
        "به شرح این کلید نگاه کنید. {detail}",
        "See the description of this key. {detail}",
    ),
    "pack.duplicate_id": (
        ERROR,
        "شناسهٔ «{id}» دو بار به کار رفته است.",
        "The id '{id}' is used twice.",
        "به یکی از آن دو شناسهٔ دیگری بدهید.",
        "Give one of them another id.",
    ),
    "pack.unknown_field": (
        ERROR,
        "فیلد یا دادهٔ «{id}» در این بسته نیست.",
        "There is no field or fact '{id}' in this pack.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.unknown_inquiry": (
        ERROR,
        "استعلامی با شناسهٔ «{id}» نیست.",
        "There is no inquiry '{id}'.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.unknown_role": (
        ERROR,
        "نقش «{id}» شناخته نیست.",
        "The role '{id}' is not known.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.unknown_legal_basis": (
        ERROR,
        "مستند «{id}» در legal_basis نیست.",
        "The legal basis '{id}' is not listed in legal_basis.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.unknown_codelist": (
        ERROR,
        "فهرست «{id}» در codelists نیست.",
        "There is no codelist '{id}'.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.unknown_reference": (
        ERROR,
        "«{id}» در این بسته تعریف نشده است.",
        "'{id}' is not defined in this pack.",
        "{hint_fa}",
        "{hint_en}",
    ),
    "pack.choice_without_list": (
        ERROR,
        "فیلد انتخابی «{id}» فهرست ندارد.",
        "The choice field '{id}' has no codelist.",
        "codelist آن را بنویسید.",
        "Name its codelist.",
    ),
    "pack.not_a_table": (
        ERROR,
        "«{id}» جدول نیست و نمی‌توان برای هر سطرش استعلام کرد.",
        "'{id}' is not a table, so there are no rows to ask about.",
        "نام یک فیلد از نوع table را بنویسید.",
        "Name a field of type table.",
    ),
    "pack.cycle": (
        ERROR,
        "این استعلام‌ها در یک دور چشم‌به‌راه یکدیگرند: {cycle}.",
        "These inquiries wait for each other in a circle: {cycle}.",
        "یکی از این وابستگی‌ها را بردارید.",
        "Remove one of these dependencies.",
    ),
    "pack.unreachable": (
        ERROR,
        "استعلام «{id}» هرگز فرستاده نمی‌شود: {why_fa}.",
        "The inquiry '{id}' can never be sent: {why}.",
        "شرط آن را درست کنید یا استعلام را بردارید.",
        "Mend its condition or remove the inquiry.",
    ),
    "pack.when_reads_answer": (
        ERROR,
        "شرط when پاسخ «{id}» را می‌خواند، اما در روز ثبت درخواست هنوز پاسخی نیست.",
        "`when` reads the answer '{id}', but on the day of submission there is none yet.",
        "شرط را بر پایهٔ فیلدهای فرم بنویسید.",
        "Base the condition on fields of the form.",
    ),
    "pack.sees_lacks_need": (
        ERROR,
        "«{id}» از دادهٔ لازم است، اما دستگاه آن را نمی‌بیند.",
        "'{id}' is needed, but the office is not shown it.",
        "آن را به sees اضافه کنید؛ اگر داده‌ای لازم نیست، وابستگی را در after بنویسید.",
        "Add it to `sees`; if no data is needed, write the dependency under `after`.",
    ),
    "pack.sees_too_early": (
        WARNING,
        "«{id}» شاید هنگام فرستادن استعلام هنوز نرسیده باشد.",
        "'{id}' may not have arrived when the inquiry is sent.",
        "استعلامش را در needs یا after بیاورید.",
        "List its inquiry under `needs` or `after`.",
    ),
    "pack.silence_without_ground": (
        ERROR,
        "برای سکوت اثر «{do}» نوشته شده، اما مستند قانونی ندارد.",
        "Silence has the effect '{do}', but no legal basis is cited.",
        "مستند را در ref بنویسید یا اثر را none کنید.",
        "Cite it in `ref`, or make the effect none.",
    ),
    "pack.silence_on_sample": (
        WARNING,
        "مستند اثر سکوت («{id}») تنها نمونه است.",
        "The legal basis of this silence rule ('{id}') is only a sample.",
        "پیش از بهره‌برداری مستند واقعی را جایگزین کنید.",
        "Replace it by a real one before this goes live.",
    ),
    "pack.silence_to_review": (
        WARNING,
        "مستند اثر سکوت («{id}») هنوز بازبینی حقوقی نشده است.",
        "The legal basis of this silence rule ('{id}') still awaits legal review.",
        "پیش از بهره‌برداری آن را به تأیید حقوقی برسانید.",
        "Have it confirmed before this goes live.",
    ),
    "pack.term_without_ground": (
        WARNING,
        "مهلت «{term}» مستند ندارد؛ هدف خدمت است، نه مهلت قانونی.",
        "The term '{term}' is a service target, no ground is cited.",
        "اگر قانون یا دستوری آن را تعیین کرده، در term_ref بنویسید.",
        "If a law or an order sets it, cite it in term_ref.",
    ),
    "pack.term_without_default": (
        WARNING,
        "همهٔ مهلت‌ها شرط دارند؛ شاید پرونده‌ای بی‌مهلت بماند.",
        "Every term has a condition or an end; a case may be left without one.",
        "یک مهلت بی‌شرط هم بنویسید.",
        "Add one that always applies.",
    ),
    "pack.refusal_without_condition": (
        ERROR,
        "تصمیم می‌تواند رد باشد، اما هیچ شرط شماره‌داری نوشته نشده است.",
        "The decision may be a refusal, but no numbered condition is listed.",
        "شرط‌ها را در conditions بنویسید؛ رد باید شمارهٔ یکی را بیاورد.",
        "List them under `conditions`; a refusal must name one.",
    ),
}


def problem(code: str, *, file: str, at: tuple[int, int], path: Path = (), **facts: Any) -> Problem:
    """Return the problem `code` with its wording filled in; `at` is (line, column) from 1."""
    severity, what_fa, what_en, how_fa, how_en = WORDING[code]
    return Problem(
        file=file,
        line=at[0],
        column=at[1],
        code=code,
        path=path_text(path),
        what={"fa": what_fa.format_map(facts), "en": what_en.format_map(facts)},
        how={"fa": how_fa.format_map(facts).strip(), "en": how_en.format_map(facts).strip()},
        severity=severity,
    )


def path_text(path: Path) -> str:
    """Return a path as people write it.

    >>> path_text(("inquiries", 2, "term"))
    'inquiries[2].term'
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
