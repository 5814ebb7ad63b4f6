"""How is a program told what is wrong in which row of what it sent?"""

from __future__ import annotations

from ninja import Schema


class RowProblem(Schema):
    """One row that was left out, as a problem (RFC 9457); pointer: where it stands in the body."""

    type: str
    title: str
    pointer: str
    detail: str = ""


def problem(code: str, title: str, pointer: str, detail: str = "") -> RowProblem:
    """Return the problem of a row; code is stable, title is for people."""
    return RowProblem(type=f"urn:payvand:problem:energy.row.{code}", title=title, pointer=pointer,
                      detail=detail)  # fmt: skip
