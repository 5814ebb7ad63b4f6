"""Does the interface change only where somebody means it to?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import django

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


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.test")
    django.setup()
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else SNAPSHOT
    kept.write_text(document(), encoding="utf-8")
