"""How is every operation described: in a sentence, with its refusals, and by an example?

The frame makes the document from the code; what is the same for all operations is added here.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from payvand.kernel.errors import Conflict, Invalid, NotFound, PayvandError, Refused
from payvand.web import entries, problems
from payvand.web.errors import KeyMissing, NotJson, NotSignedIn, TooLarge, WrongMediaType

LONGEST = 90  # letters of a summary
DEEPEST = 6  # levels of an example
TAGS = {
    "registry": "Who is calling, places, and the databank of firms and people",
    "ledger": "Answers owed: inbox, answers, files, delay reports, notices",
    "window": "Services, applications, decisions, licences",
    "foresight": "Promised dates and what-if",
    "matching": "Needs and firms",
    "energy": "Consumers, readings, balance and plans",
}
PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457) in the language that was asked for; `code` is stable.",
    "required": ["type", "title", "status", "detail", "code", "facts"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "what happened"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "why, and what to do now"},
        "code": {"type": "string", "description": "see docs/reference/errors.md"},
        "facts": {"type": "object", "description": "the values within the sentences"},
        "errors": {
            "type": "array",
            "description": "what is wrong, field by field",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True, "example": "file-2025-11-10-0042",
    "description": "New for each task, the same for a retry: 1 to 100 visible ASCII characters.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
}  # fmt: skip
LANGUAGE = {
    "name": "Accept-Language", "in": "header", "required": False, "example": "en",
    "description": "Language of refusals and explanations: fa (without the header) or en.",
    "schema": {"type": "string"},
}  # fmt: skip
REFUSALS: dict[str, tuple[str, PayvandError]] = {
    "400": ("No Idempotency-Key, or what was sent is not JSON", KeyMissing()),
    "401": ("Not signed in, or a token that is wrong, ended or expired", NotSignedIn()),
    "403": ("Not for this caller", Refused("Only the applicant may do this.")),
    "404": ("Not there, or not for this caller", NotFound()),
    "409": ("Done or changed already", Conflict()),
    "413": ("More than is taken in at once", TooLarge(mb=14)),
    "415": ("Not JSON", WrongMediaType(sent="text/plain")),
    "422": ("Entries need correction", Invalid({"service": entries.MISSING})),
}
UNREADABLE = ("What was sent is not JSON", NotJson(line=1, column=2))
# Examples by the name of a field, where its type alone says too little.
NAMED: dict[str, Any] = {
    "account": "sample-clerk-1", "case_code": "40120057", "code": "40120057", "fa": "نمونه",
    "en": "Sample", "field": "services", "kind": "inquiry", "letter_no": "123/456",
    "number": "TC-1404-00042", "outcome": "positive", "owner": "municipality", "place": "IR-15",
    "province": "IR-15", "question": "tax_debt", "reason": "Sample reason", "role": "tax",
    "service": "trade-clearance", "slug": "trade-clearance", "state": "sent", "term": "5wd",
    "text": "Sample text", "unit": "t",
}  # fmt: skip
FORMATS: dict[str, Any] = {
    "uuid": "019a6d3e-0000-7000-8000-000000000001", "date-time": "2025-11-10T06:30:00Z",
    "date": "2025-11-10", "uri": "https://example.org/", "email": "name@example.org",
}  # fmt: skip


class Described(NinjaAPI):
    """An interface whose document says all that a caller needs."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document, completed."""
        return complete(super().get_openapi_schema(**options))


def complete(document: OpenAPISchema) -> OpenAPISchema:
    """Add summaries, headers, refusals and examples to every operation."""
    parts = document["components"]
    parts["schemas"]["Problem"] = PROBLEM
    parts["parameters"] = {"Key": KEY, "Language": LANGUAGE}
    with translation.override("en"):
        told = {f"Refused{status}": _refusal(*one) for status, one in REFUSALS.items()}
        parts["responses"] = {**told, "NotJson": _refusal(*UNREADABLE), "Other": _other()}
    used: set[str] = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _say(operation)
            _head(operation, method)
            answers = {str(status): one for status, one in operation["responses"].items()}
            operation["responses"] = answers | _refusals(path, method, answers, operation)
            _show(operation, parts["schemas"])
            used.update(operation.get("tags", ()))
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["servers"] = document["servers"] or [{"url": "/", "description": "this installation"}]
    document["tags"] = [{"name": n, "description": t} for n, t in TAGS.items() if n in used]
    return document


def _say(operation: dict[str, Any]) -> None:
    """Make the first sentence of the description the summary."""
    text = " ".join(str(operation.get("description", "")).split())
    if not text:
        return
    summary = text.split(". ")[0].rstrip(".")
    if len(summary) > LONGEST:
        summary = summary.split("; ")[0].split(": ")[0]
    operation["summary"], operation["description"] = summary, text


def _head(operation: dict[str, Any], method: str) -> None:
    for parameter in operation["parameters"]:
        listed = parameter.pop("examples", None)
        if isinstance(listed, list) and listed:
            parameter["example"] = listed[0]
    if method == "post" and operation.get("security"):
        operation["parameters"].append({"$ref": "#/components/parameters/Key"})
    operation["parameters"].append({"$ref": "#/components/parameters/Language"})


def _refusals(
    path: str, method: str, known: dict[str, Any], operation: dict[str, Any]
) -> dict[str, Any]:
    """Return the refusals that an operation of this kind can give, and a word on any other."""
    signed, sends = bool(operation.get("security")), "requestBody" in operation
    asks = any("in" in one and one["in"] != "header" for one in operation["parameters"])
    kept = method == "post" and signed  # its answer is kept under a key
    statuses = {
        "400": kept, "401": signed, "403": signed, "404": "{" in path,
        "409": method != "get", "413": sends, "415": sends, "422": kept or sends or asks,
    }  # fmt: skip
    names = {status: f"Refused{status}" for status, can in statuses.items() if can}
    if sends and not kept:
        names["400"] = "NotJson"
    found = {s: {"$ref": f"#/components/responses/{n}"} for s, n in names.items() if s not in known}
    return {**dict(sorted(found.items())), "default": {"$ref": "#/components/responses/Other"}}


def _other() -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "Any other refusal, in the same form", "content": content}


def _refusal(description: str, error: PayvandError) -> dict[str, Any]:
    response = _other() | {"description": description}
    response["content"][problems.MEDIA_TYPE]["example"] = problems.body(error)
    return response


def _show(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put an example beside everything that is sent or answered as JSON."""
    answers = [r for s, r in operation["responses"].items() if s.startswith("2")]
    for message in (operation.get("requestBody"), *answers):
        found = (message or {}).get("content", {}).get("application/json")
        if found is not None and "example" not in found:
            found["example"] = example(found["schema"], schemas)


def example(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", deep: int = 0) -> Any:
    """Return a value that fits a schema: its own example where it has one."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, name, deep)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema or schema.get("enum"):
        return schema.get("const", (schema.get("enum") or [None])[0])
    for choice in ("anyOf", "oneOf", "allOf"):
        if schema.get(choice):
            fits = [one for one in schema[choice] if one.get("type") != "null"]
            return example(fits[0], schemas, name, deep) if fits else None
    kind = schema.get("type")
    if kind == "object":
        return {} if deep > DEEPEST else _object(schema, schemas, deep)
    if kind == "array":
        return [] if deep > DEEPEST else [example(schema.get("items", {}), schemas, name, deep + 1)]
    return _scalar(schema, kind, name)


def _object(schema: dict[str, Any], schemas: dict[str, Any], deep: int) -> dict[str, Any]:
    """Return the fields of an object; those that may be left empty are left out."""
    empty: tuple[Any, ...] = ("", None, [], {})
    return {
        key: example(inner, schemas, key, deep + 1)
        for key, inner in schema.get("properties", {}).items()
        if "examples" in inner or "default" not in inner or inner["default"] not in empty
    }


def _scalar(schema: dict[str, Any], kind: Any, name: str) -> Any:
    if schema.get("default") not in (None, ""):
        return schema["default"]
    if kind == "string":
        found = FORMATS.get(schema.get("format", "")) or NAMED.get(name, "…")
        return found if "pattern" not in schema else "1"
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return True if kind == "boolean" else {}
