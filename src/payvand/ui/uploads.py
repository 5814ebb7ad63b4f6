"""Is this file what it claims to be? Size and content are checked, never only the name.

The content rules are the first bytes of each format as its specification gives them.
"""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from payvand.kernel.text import format_number
from payvand.ui.language import lang

MB = 1024 * 1024
DEFAULT_MAX_MB = 10
ZIP = b"PK\x03\x04"
MAGIC: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "application/zip": (ZIP,),
    "image/vnd.dwg": (b"AC10",),
}
OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
}
EXTENSIONS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "zip": "application/zip",
    "dwg": "image/vnd.dwg",
    "csv": "text/csv",
    "txt": "text/plain",
    "xml": "application/xml",
    "json": "application/json",
    **{name.lower(): media for media, name in OFFICE.items()},
}
NAMES = {media: ext.upper() for ext, media in reversed(EXTENSIONS.items())}


def media_type(entry: str) -> str:
    """Return the media type of an `accept` entry: pdf, .pdf or application/pdf."""
    bare = entry.strip().lower().lstrip(".")
    return bare if "/" in bare else EXTENSIONS.get(bare, bare)


def _is_text(content: bytes, media: str) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if media.endswith("json"):
        try:
            json.loads(text)
        except ValueError:
            return False
    if media.endswith("xml"):
        return text.lstrip().startswith("<")
    return "\x00" not in text


def matches(content: bytes, media: str) -> bool:
    """Tell whether the content is of the media type, as far as its bytes can say."""
    if media in MAGIC:
        return content.startswith(MAGIC[media])
    if media in OFFICE:
        return content.startswith(ZIP)
    if media.endswith("/*"):
        return any(matches(content, known) for known in MAGIC if known.startswith(media[:-1]))
    if media.startswith("text/") or media.endswith(("json", "xml")):
        return _is_text(content, media)
    return False


def name_of(media: str) -> str:
    """Return the short name of a media type for people: PDF."""
    return NAMES.get(media, media.rpartition("/")[2].upper())


class CheckedFileField(forms.FileField):
    """A file of bounded size whose content is one of the accepted kinds."""

    def __init__(
        self, *, accept: Sequence[str] = (), max_mb: int | None = None, **options: Any
    ) -> None:
        self.accept = [media_type(entry) for entry in accept]
        self.max_mb = max_mb or DEFAULT_MAX_MB
        super().__init__(**options)
        self.error_messages["empty"] = _("The file is empty. Choose another one.")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Offer only the accepted kinds in the file dialogue."""
        return {"accept": ",".join(self.accept)} if self.accept else {}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file; the message says what was sent and what is accepted."""
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return upload
        if (upload.size or 0) > self.max_mb * MB:
            raise ValidationError(
                _("“%(name)s” is %(size)s MB; at most %(most)s MB can be uploaded."),
                "file.too_large",
                {
                    "name": upload.name,
                    "size": format_number((upload.size or 0) / MB, lang(), 1),
                    "most": format_number(self.max_mb, lang()),
                },
            )
        upload.seek(0)
        content = upload.read()
        upload.seek(0)
        if self.accept and not any(matches(content, media) for media in self.accept):
            raise ValidationError(
                _("“%(name)s” is not a file of these kinds: %(kinds)s."),
                "file.wrong_kind",
                {"name": upload.name, "kinds": ", ".join(map(name_of, self.accept))},
            )
        return upload
