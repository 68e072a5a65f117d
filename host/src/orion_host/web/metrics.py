"""Prometheus metrics of requests, labelled by route template so that their number stays bounded."""

from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import Scope

REQUESTS = Counter("orion_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("orion_http_request_seconds", "Time to answer", ["method", "route"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods with a series of their own; a client may send any other word."""


def observe(scope: Scope, status: int, seconds: float) -> None:
    """Count a request.

    Args:
        scope: Its ASGI scope, after routing.
        status: Status answered; 0 if the connection broke first.
        seconds: Time it took.
    """
    context = scope.get("fastapi", {}).get("effective_route_context")
    route = getattr(context, "path_format", None) or getattr(scope.get("route"), "path", None) or "unmatched"
    method = scope["method"] if scope["method"] in METHODS else "other"
    _counter(method, route, status).inc()
    _timer(method, route).observe(seconds)


@cache
def _counter(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@cache
def _timer(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


async def metrics() -> Response:
    """Return all metrics in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
