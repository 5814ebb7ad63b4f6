"""Are the third-party assets there? The product runs without them, on system fonts."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"


def has(name: str) -> bool:
    """Tell whether a built asset exists in `static/vendor/`."""
    return (VENDOR / name).is_file()


@lru_cache(maxsize=8)
def _load(path: Path, changed_ns: int) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def load_json(path: Path) -> Any:
    """Return the content of a JSON file, read again only when it has changed."""
    return _load(path, path.stat().st_mtime_ns)
