"""How is a day written at a terminal?"""

from __future__ import annotations

from datetime import date
from typing import Any

import click


class JalaliDay(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A day written 1404-08-19; years from 1800 on are taken as Gregorian."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date; fails with the reason when there is no such day."""
        from payvand.kernel import jalali
        from payvand.kernel.errors import PayvandError
        from payvand.kernel.text import fold_digits

        if isinstance(value, date):
            return value
        plain = fold_digits(str(value)).replace("/", "-")
        try:
            is_gregorian = plain[:4].isascii() and plain[:4].isdigit() and int(plain[:4]) >= 1800
            return date.fromisoformat(plain) if is_gregorian else jalali.from_iso(plain)
        except (PayvandError, ValueError):
            self.fail(f"{value}: write a day like 1404-08-19 or 2025-11-10", param, ctx)
