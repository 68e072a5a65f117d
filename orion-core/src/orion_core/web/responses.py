"""Fast responses for hot paths: rows straight into JSON, no model in between."""

from typing import Any

import msgspec
from starlette.responses import Response

_encoder = msgspec.json.Encoder()


class JSON(Response):
    """A JSON response encoded by msgspec.

    Args:
        content: Plain values, msgspec structs, dataclasses, UUIDs, dates.
    """

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return _encoder.encode(content)
