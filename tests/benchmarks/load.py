"""Asks one address over and over, or sends each request of a file once, on several kept-open connections."""

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What a run of requests came to.

    Args:
        per_second: Answers a second.
        p50: Median time to answer, milliseconds.
        p99: 99th percentile, milliseconds.
    """

    per_second: float
    p50: float
    p99: float


async def _visitor(port: int, requests: Iterator[bytes], until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        started = time.perf_counter()
        if started > until:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError((head + body).decode())
        times.append(time.perf_counter() - started)
    writer.close()


async def _run(ports: list[int], requests: Iterator[bytes], seconds: float, connections: int) -> Load:
    times: list[float] = []
    started = time.perf_counter()
    turns = itertools.islice(itertools.cycle(ports), connections)
    await asyncio.gather(*(_visitor(port, requests, started + seconds, times) for port in turns))
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / (time.perf_counter() - started), cuts[49] * 1000, cuts[98] * 1000)


def _requests(target: str) -> Iterator[bytes]:
    """Return one request for ever, or those of a file of JSON lines: method, path, headers and body."""
    if not target.startswith("@"):
        return itertools.repeat(_request("GET", target, {}, ""))
    given = [json.loads(line) for line in Path(target[1:]).read_text().splitlines()]
    made = [_request(*each) for each in given]
    return itertools.repeat(made[0]) if len(made) == 1 else iter(made)


def _request(method: str, path: str, headers: dict[str, str], body: str) -> bytes:
    given = {"Host": "127.0.0.1", "Accept": "application/json", **headers}
    if body:
        given |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()


if __name__ == "__main__":
    ports, target, seconds, connections = sys.argv[1:]
    load = asyncio.run(_run([*map(int, ports.split(","))], _requests(target), float(seconds), int(connections)))
    print(f"{load.per_second:.1f} {load.p50:.3f} {load.p99:.3f}")
