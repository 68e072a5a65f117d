"""Responses of our own: rows straight into JSON, files as downloads that a browser does not open."""

from typing import Any
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from orion_core.files import StoredFile

_encoder = msgspec.json.Encoder()


class JSON(Response):
    """A JSON response encoded by msgspec.

    Args:
        content: Plain values, msgspec structs, dataclasses, UUIDs, dates.
    """

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encoder.encode(content)


def file_response(file: StoredFile) -> Response:
    """Return a file for the browser to save; it is neither shown nor guessed at.

    Args:
        file: From ``orion_core.files.read_file``.
    """
    plain = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
