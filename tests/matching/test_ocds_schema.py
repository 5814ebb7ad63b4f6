"""Would the makers of the standard accept what is published, by their own schema?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft4Validator

from payvand.matching.exchange import answers, releases
from payvand.matching.rules.releases import ENQUIRIES
from scripts import ocds_schema
from tests.matching.exchange_world import opened
from tests.matching.test_releases import awarded

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The release schema as the Open Contracting Partnership publishes it."""
    text = ocds_schema.text()
    if text is None:
        pytest.skip("the official schema is not here: run scripts/ocds_schema.py once")
    return dict(json.loads(text))


def problems(release: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return what is wrong with a release, and the fields that the schema does not name."""
    told = [error.message for error in Draft4Validator(schema).iter_errors(release)]
    return told + sorted(unnamed(release, schema, schema))


def unnamed(value: Any, shape: dict[str, Any], schema: dict[str, Any], path: str = "") -> set[str]:
    """Return fields without a name in the schema, which by itself would let misspelt ones pass."""
    if "$ref" in shape:
        shape = schema["definitions"][shape["$ref"].rpartition("/")[2]]
    found: set[str] = set()
    if isinstance(value, list):
        for one in value:
            found |= unnamed(one, shape.get("items", {}), schema, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in shape.get("properties", {}):
                found |= unnamed(one, shape["properties"][key], schema, f"{path}/{key}")
            elif not any(re.search(p, key) for p in shape.get("patternProperties", {})):
                found.add(f"{path}/{key}")
    return found


def test_releases_are_valid_and_name_nothing_of_their_own(market, schema):
    awarded(market, "office")
    opened(market, "buyer")
    told = releases.package()["releases"]
    assert len(told) == 2
    assert [problems(release, schema) for release in told] == [[], []]


def test_the_schema_would_find_what_is_wrong(market, schema):
    awarded(market, "office")
    (release,) = releases.package()["releases"]
    release["tender"]["status"] = "open"
    release["tender"]["titel"] = "?"
    del release["ocid"]
    assert len(problems(release, schema)) == 3


def test_questions_stand_under_the_extension_that_defines_them(market, schema):
    key = opened(market, "office")
    assert "extensions" not in releases.package()
    asked = answers.ask(key, "چه فشاری؟", by=market.actors["firm0"], firm=market.firms[0])
    answers.reply(asked, "ده بار", by=market.actors["office"])
    package = releases.package()
    assert package["extensions"] == [ENQUIRIES]
    (release,) = package["releases"]
    assert release["tender"]["enquiries"][0]["answer"] == "ده بار"
    assert problems(release, schema) == ["/tender/enquiries"]
