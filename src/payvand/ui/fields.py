"""What did the person mean by what was typed? Digits of any script in, exact values out.

Everything typed stays as it was when it is shown again; only the cleaned value is folded.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel import ids, jalali, money, text, units
from payvand.ui.language import lang
from payvand.ui.widgets import PARTS, JalaliDateWidget, UnitWidget


class CleanTextField(forms.CharField):
    """Text in its stored form: Persian letters, single spaces, no spoofing marks."""

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        return text.clean(str(value)) if value not in self.empty_values else ""


class UnitField(CleanTextField):
    """A unit of quantity: suggested in the reader's language, kept by its code, or any words."""

    widget = UnitWidget

    def prepare_value(self, value: Any) -> Any:
        """Return a kept code as people read it; what was typed stays as it is."""
        is_code = value and any(one.code == value for one in units.UNITS)
        return units.named(value, lang()) if is_code else value

    def to_python(self, value: Any) -> str:
        """Return the code of the unit, or the words where it has none."""
        return units.stored(super().to_python(value))


class NumberField(forms.Field):
    """A number typed in any digits; whole numbers as int, others as Decimal."""

    def __init__(
        self,
        *,
        whole: bool = False,
        least: float | None = None,
        most: float | None = None,
        unit: str | Promise = "",
        **options: Any,
    ) -> None:
        self.whole, self.least, self.most, self.unit = whole, least, most, unit
        options.setdefault("widget", _typed("w11", "numeric" if whole else "decimal"))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Return a stored number in the reader's digits; what was typed stays as it is."""
        stored = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if not stored or lang() != "fa":
            return value
        plain = f"{value:f}" if isinstance(value, Decimal) else str(value)
        return text.to_persian_digits(plain).replace(".", "٫")

    def to_python(self, value: Any) -> int | Decimal | None:
        """Return the number; the message quotes what was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        folded = re.sub(r"(?<=[0-9])[,\s_](?=[0-9]{3})", "", text.fold_number(str(value)))
        if re.fullmatch(r"-?[0-9]{1,18}", folded):
            return int(folded) if self.whole else Decimal(folded)
        if not self.whole and re.fullmatch(r"-?[0-9]{0,18}[./][0-9]{1,9}", folded):
            return Decimal(folded.replace("/", "."))
        example = text.format_number(250 if self.whole else 2.5, lang())
        message = (
            _("“%(typed)s” is not a whole number. Write it like %(example)s.")
            if self.whole
            else _("“%(typed)s” is not a number. Write it like %(example)s.")
        )
        raise ValidationError(message, "number.unreadable", {"typed": value, "example": example})

    def validate(self, value: Any) -> None:
        """Keep the number within its limits."""
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < Decimal(str(self.least)):
            shown = text.format_number(self.least, lang())
            raise ValidationError(_("This must be at least %(n)s."), "number.least", {"n": shown})
        if self.most is not None and value > Decimal(str(self.most)):
            shown = text.format_number(self.most, lang())
            raise ValidationError(_("This must be at most %(n)s."), "number.most", {"n": shown})


class MoneyField(NumberField):
    """A sum of whole rials."""

    def __init__(self, **options: Any) -> None:
        super().__init__(whole=True, **{"unit": gettext_lazy("rials"), **options})

    def to_python(self, value: Any) -> int | None:
        """Return whole rials; tomans and fractions are refused."""
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return money.parse_rial(str(value))
        except money.AmountTooLarge as error:
            raise ValidationError(_("The amount is too large. Check the zeros.")) from error
        except money.BadAmount as error:
            raise ValidationError(
                _("“%(typed)s” is not an amount in whole rials. Write it like %(example)s."),
                "money.unreadable",
                {"typed": value, "example": text.format_number(1250000, lang())},
            ) from error


class JalaliDateField(forms.Field):
    """A Jalali date in three parts; its value is a Gregorian date."""

    widget = JalaliDateWidget

    def clean(self, value: Any) -> date | None:
        """Return the Gregorian date; every message is built from what was typed."""
        typed = {p: str(value.get(p, "")).strip() for p in PARTS} if value else {}
        if not any(typed.values()):
            if self.required:
                raise ValidationError(self.error_messages["required"], "required")
            return None
        for part, message in (
            ("day", _("Enter the day too.")),
            ("month", _("Choose the month too.")),
            ("year", _("Enter the year too.")),
        ):
            if not typed[part]:
                raise ValidationError(message, "date.incomplete", {"part": part})
        return self._date({part: self._number(part, typed[part]) for part in PARTS})

    def _number(self, part: str, typed: str) -> int:
        folded = text.fold_digits(typed)
        if re.fullmatch(r"[0-9]{1,4}", folded):
            return int(folded)
        message = {
            "day": _("“%(typed)s” is not a day. Write it with digits."),
            "month": _("Choose the month from the list."),
            "year": _("“%(typed)s” is not a year. Write it with four digits."),
        }[part]
        raise ValidationError(message, "date.unreadable", {"part": part, "typed": typed})

    def _date(self, number: Mapping[str, int]) -> date:
        localised: Callable[[int], str] = (
            (lambda n: text.to_persian_digits(str(n))) if lang() == "fa" else str
        )
        try:
            return jalali.parse(number["year"], number["month"], number["day"])
        except jalali.ImpossibleYear as error:
            raise ValidationError(
                _("%(year)s is not a Jalali year. Write four digits, like %(example)s."),
                "date.year",
                {"part": "year", "year": localised(number["year"]), "example": localised(1404)},
            ) from error
        except jalali.ImpossibleMonth as error:
            raise ValidationError(
                _("Choose the month from the list."), "date.month", {"part": "month"}
            ) from error
        except jalali.ImpossibleDate as error:
            raise ValidationError(
                _("There is no %(day)s %(month)s %(year)s: %(month)s %(year)s has %(last)s days."),
                "date.impossible",
                {
                    "part": "day",
                    "day": localised(number["day"]),
                    "month": text.months(lang())[number["month"] - 1],
                    "year": localised(number["year"]),
                    "last": localised(int(error.facts["last_day"])),
                },
            ) from error


def _bare(value: str) -> str:
    return re.sub(r"[\s\u200b-\u200d\-_.]+", "", text.fold_digits(value))


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


# name: check, stored form, message, css width, inputmode, autocomplete
Format = tuple[Callable[[str], bool], Callable[[str], str], Promise | str, str, str, str]
FORMATS: dict[str, Format] = {
    "national_id": (
        ids.is_national_id, _bare,
        gettext_lazy("“%(typed)s” is not a national id: it has ten digits, "
            "and the last one must fit the others."),
        "w11", "numeric", "off",
    ),
    "company_id": (
        ids.is_company_id, _bare,
        gettext_lazy("“%(typed)s” is not a company id: it has eleven digits, "
            "and the last one must fit the others."),
        "w11", "numeric", "off",
    ),
    "postal_code": (
        ids.is_postal_code, _bare,
        gettext_lazy("“%(typed)s” is not a postal code: it has ten digits."),
        "w11", "numeric", "postal-code",
    ),
    "mobile": (
        ids.is_mobile, ids.normalise_mobile,
        gettext_lazy("“%(typed)s” is not a mobile number: "
            "it has eleven digits and begins with 09."),
        "w11", "tel", "tel",
    ),
    "iban": (
        ids.is_iban, lambda value: _bare(value).upper(),
        gettext_lazy("“%(typed)s” is not an account number: "
            "it begins with IR, then come 24 digits."),
        "w16", "text", "off",
    ),
    "email": (
        _is_email, text.fold_digits,
        gettext_lazy("“%(typed)s” is not a whole e-mail address. Write it like name@example.ir."),
        "w16", "email", "email",
    ),
}  # fmt: skip


def _typed(css: str, mode: str, autocomplete: str = "off") -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": css, "inputmode": mode, "dir": "ltr", "autocomplete": autocomplete}
    )


def choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    """Give a select of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so in the form
    field.choices = choices


class FormatField(forms.CharField):
    """An identifier or address whose form, and check digit, is tested."""

    def __init__(self, *, name: str, **options: Any) -> None:
        self.check, self.store, self.complaint, css, mode, autocomplete = FORMATS[name]
        options.setdefault("widget", _typed(css, mode, autocomplete))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Return the stored form; the message quotes what was typed."""
        typed = str(value or "").strip()
        if not typed:
            return ""
        folded = text.fold_digits(typed)
        if not self.check(folded):
            raise ValidationError(str(self.complaint), "format", {"typed": typed})
        return self.store(folded)
