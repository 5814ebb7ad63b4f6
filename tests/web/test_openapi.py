"""Does the interface change only where somebody means it to?"""

import json
from pathlib import Path

from payvand.web.api import api

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


def document() -> str:
    """Return the interface's description as it is kept."""
    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_interface_is_the_one_that_is_documented():
    """After a wanted change: python -m tests.web.test_openapi, and commit the difference."""
    assert SNAPSHOT.read_text(encoding="utf-8") == document()


def test_the_interface_says_openapi_3_1():
    assert json.loads(document())["openapi"].startswith("3.1")


if __name__ == "__main__":
    SNAPSHOT.write_text(document(), encoding="utf-8")
