"""Prometheus metrics of requests, labelled by route template so that their number stays bounded."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import Scope

REQUESTS = Counter("orion_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("orion_http_request_seconds", "Time to answer", ["method", "route"])


def observe(scope: Scope, status: int, seconds: float) -> None:
    """Count a request.

    Args:
        scope: Its ASGI scope, after routing.
        status: Status answered; 0 if the connection broke first.
        seconds: Time it took.
    """
    context = scope.get("fastapi", {}).get("effective_route_context")
    route = getattr(context, "path_format", None) or getattr(scope.get("route"), "path", None) or "unmatched"
    REQUESTS.labels(scope["method"], route, str(status)).inc()
    SECONDS.labels(scope["method"], route).observe(seconds)


async def metrics() -> Response:
    """Return all metrics in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
