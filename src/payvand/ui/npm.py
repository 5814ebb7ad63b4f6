"""Where do the third-party files come from, and are they the ones that were locked?

No Node: tarballs are fetched by name and version, checked against the sha512 of the lock file, and
only named members are read. The registry is a setting; the repository names none.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_WAIT_S = 120


class NoRegistry(Exception):
    """No npm registry is set, and npm is not there to be asked."""


class WrongHash(Exception):
    """A tarball differs from the lock file."""


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    name: str
    version: str
    integrity: str

    def address(self, registry: str) -> str:
        """Return where a registry keeps the tarball."""
        return f"{registry}/{self.name}/-/{self.name.rpartition('/')[2]}-{self.version}.tgz"


def locked(lock: Path, name: str) -> Package:
    """Return a package as the lock file has it."""
    entry: dict[str, Any] = json.loads(lock.read_text())["packages"][f"node_modules/{name}"]
    return Package(name, entry["version"], entry["integrity"])


def _from_npmrc(path: Path) -> str:
    for line in path.read_text().splitlines() if path.is_file() else []:
        key, _, value = line.partition("=")
        if key.strip() == "registry":
            return value.strip().strip("\"'")
    return ""


def _from_npm() -> str:
    npm = shutil.which("npm")
    if not npm:
        return ""
    asked = subprocess.run(  # noqa: S603 - npm itself, with fixed words
        [npm, "config", "get", "registry"], capture_output=True, text=True, check=False, timeout=30
    )
    return asked.stdout.strip() if asked.stdout.startswith("http") else ""


def registry(beside: Path) -> str:
    """Return the registry address: environment, .npmrc beside the lock or at home, or npm's own.

    Raises NoRegistry when nothing tells it.
    """
    found = next(
        filter(
            None,
            (os.environ.get(k, "") for k in ("PAYVAND_NPM_REGISTRY", "NPM_CONFIG_REGISTRY")),
        ),
        "",
    )
    found = found or _from_npmrc(beside / ".npmrc") or _from_npmrc(Path.home() / ".npmrc")
    found = found or _from_npm()
    if not found:
        raise NoRegistry
    return found.rstrip("/")


def fetch(package: Package, base: str) -> bytes:
    """Return the tarball; raises WrongHash when it is not the locked one."""
    address = package.address(base)
    if not address.startswith(("http://", "https://")):
        raise NoRegistry
    with urllib.request.urlopen(address, timeout=LONGEST_WAIT_S) as answer:  # noqa: S310
        content: bytes = answer.read()
    check(package, content)
    return content


def check(package: Package, content: bytes) -> None:
    """Raise WrongHash unless the content is what the lock file promises."""
    kind, _, wanted = package.integrity.partition("-")
    if kind != "sha512" or hashlib.sha512(content).digest() != base64.b64decode(wanted):
        raise WrongHash(f"{package.name} {package.version} differs from package-lock.json")


def members(tarball: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Return the named files of a tarball; the first folder of the path does not count."""
    wanted, found = set(names), {}
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for member in archive:
            name = member.name.partition("/")[2]
            if member.isfile() and name in wanted:
                source = archive.extractfile(member)
                found[name] = source.read() if source else b""
    missing = wanted - found.keys()
    if missing:
        raise FileNotFoundError(", ".join(sorted(missing)))
    return found
