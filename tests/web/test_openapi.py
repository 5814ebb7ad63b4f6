"""Does the interface change only where somebody means it to?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import django
import pytest
from jsonschema import Draft202012Validator, FormatChecker

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


def document() -> str:
    """Return the interface's description as it is kept."""
    from payvand.web.api import api  # late: it reads models, for which Django must be set up

    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_interface_is_the_one_that_is_documented():
    """After a wanted change: python -m tests.web.test_openapi, and commit the difference."""
    assert SNAPSHOT.read_text(encoding="utf-8") == document()


def test_the_interface_says_openapi_3_1():
    assert json.loads(document())["openapi"].startswith("3.1")


def test_the_command_writes_it_by_itself(tmp_path):
    kept = tmp_path / "openapi.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.test_openapi", str(kept)], cwd=SNAPSHOT.parents[2],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert kept.read_text(encoding="utf-8") == document()


def operations():
    """Yield every operation with its name, and the parts that it refers to."""
    told = json.loads(document())
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation, told["components"]


def test_every_operation_has_a_name_of_its_own_and_a_sentence_about_it():
    names = [operation["operationId"] for _, operation, _ in operations()]
    assert len(names) == len(set(names))
    for name, operation, _ in operations():
        assert " " in operation["summary"], name
        assert operation["summary"] != operation["operationId"], name


def test_every_operation_says_how_it_refuses():
    for name, operation, parts in operations():
        told = operation["responses"]
        assert "default" in told, name
        wanted = {"401", "403"} if operation.get("security") else set()
        wanted |= {"413", "415", "422"} if "requestBody" in operation else set()
        wanted |= {"404"} if "{" in name else set()
        assert wanted <= set(told), name
        for status, response in told.items():
            if "$ref" in response:
                kept = parts["responses"][response["$ref"].rsplit("/", 1)[1]]
                problem = kept["content"]["application/problem+json"]
                assert status == "default" or problem["example"]["status"] == int(status), name


def test_whatever_is_sent_or_answered_as_json_has_an_example_that_fits_its_schema():
    judged = 0
    for name, operation, parts in operations():
        for message in (operation.get("requestBody", {}), *operation["responses"].values()):
            found = message.get("content", {}).get("application/json")
            if found is None:
                continue
            schema = {**found["schema"], "components": parts}
            faults = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(
                found["example"]
            )
            assert [(fault.json_path, fault.message) for fault in faults] == [], name
            judged += 1
    assert judged > 100


def test_what_is_signed_in_and_posted_names_its_key():
    for name, operation, _ in operations():
        asks = {"$ref": "#/components/parameters/Key"} in operation["parameters"]
        assert asks == (name.startswith("POST") and bool(operation.get("security"))), name


def test_the_document_passes_the_validator_of_openapi():
    validator = pytest.importorskip("openapi_spec_validator", reason="its validator is optional")
    assert list(validator.OpenAPIV31SpecValidator(json.loads(document())).iter_errors()) == []


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.test")
    django.setup()
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else SNAPSHOT
    kept.write_text(document(), encoding="utf-8")
