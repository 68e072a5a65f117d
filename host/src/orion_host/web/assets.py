"""Static files of modules: served under /static/<module>/, addressed with a hash so that they cache for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from orion_host.assembly import Assembly


class Assets:
    """Knows every module's static folder.

    Args:
        assembly: Whose modules.
    """

    def __init__(self, assembly: Assembly) -> None:
        self.folders = {name: folder for name in assembly.modules if (folder := assembly.folder(name, "static"))}
        self.url = lru_cache(maxsize=1024)(self._url)

    def _url(self, name: str) -> str:
        """Return the address of ``core/app.css``, which stands in the core module's ``static/core/``."""
        module = name.partition("/")[0]
        folder = self.folders.get(module if module in self.folders else "core")
        path = folder / name if folder else Path(name)
        if not path.is_file():
            raise FileNotFoundError(f"no module ships the static file {name!r}")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={digest}"

    def files(self) -> "CachedFiles":
        """Return the application that serves the files."""
        return CachedFiles(directory=None, folders=list(self.folders.values()))


class CachedFiles(StaticFiles):
    """Static files of several folders; an address with a hash never changes its content."""

    def __init__(self, *, folders: list[Path], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.all_directories = list(folders)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if b"v=" in scope["query_string"]:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
