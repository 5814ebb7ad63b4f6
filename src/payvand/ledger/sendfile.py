"""How does a stored file leave the house?"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse

from payvand.ledger.files import Stored


def sent_file(found: Stored) -> FileResponse:
    """Return a file as a download, never shown inside our pages."""
    return FileResponse(
        default_storage.open(found.stored), as_attachment=True, filename=found.name,
        content_type=found.media_type or "application/octet-stream",
    )  # fmt: skip
