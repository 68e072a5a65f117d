"""Asks one address over and over on several kept-open connections, and counts the answers."""

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass


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


async def _visitor(port: int, request: bytes, until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - started)
    writer.close()


async def _run(port: int, path: str, seconds: float, connections: int) -> Load:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode()
    times: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_visitor(port, request, until, times) for _ in range(connections)))
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / seconds, cuts[49] * 1000, cuts[98] * 1000)


if __name__ == "__main__":
    port, path, seconds, connections = sys.argv[1:]
    load = asyncio.run(_run(int(port), path, float(seconds), int(connections)))
    print(f"{load.per_second:.1f} {load.p50:.3f} {load.p99:.3f}")
