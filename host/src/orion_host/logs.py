"""Structured logs: JSON lines in production, readable ones in development, with tenant and request in each."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from orion_core.context import current_context

_SECRET = ("password", "secret", "token", "authorization", "cookie", "api_key")


def configure_logging(level: str = "INFO", *, readable: bool = False) -> None:
    """Set up logging of this process.

    Args:
        level: Least level written.
        readable: Lines for people instead of JSON.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        _without_colour,
        _add_context,
        _redact,
    ]
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if readable else structlog.processors.JSONRenderer()
    )
    # The console renderer formats exceptions by itself.
    traceback = [] if readable else [structlog.processors.format_exc_info]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *traceback, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *(step for step in shared if not isinstance(step, structlog.stdlib.ExtraAdder)),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _add_context(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = current_context()
    if context.request_id:
        event.setdefault("request_id", context.request_id)
    if context.tenant is not None:
        event.setdefault("platform", context.tenant.platform.code)
        if context.tenant.store is not None:
            event.setdefault("store", context.tenant.store.code)
    return event


def _without_colour(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # uvicorn repeats its messages with colour codes for a formatter of its own.
    event.pop("color_message", None)
    return event


def _redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if any(word in key.lower() for word in _SECRET):
            event[key] = "[redacted]"
    return event
