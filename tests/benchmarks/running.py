"""Runs one server beside another and loads both in turn, so that other load on the machine hits both."""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from tests.benchmarks.load import Load
from tests.running import free_port


@contextmanager
def serving(arguments: list[str], environment: dict[str, str], processes: int = 1) -> Iterator[list[int]]:
    """Run server processes and yield their ports: uvicorn with ``arguments``, or ``orion serve`` without."""
    with ExitStack() as running:
        yield [running.enter_context(_server(arguments, environment)) for _ in range(processes)]


@contextmanager
def _server(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    quiet = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    command = ["-m", "uvicorn", *arguments, *quiet] if arguments else ["-m", "orion_host", "serve", "--port", str(port)]
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, **environment})
    try:
        wait_until_open(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def compare(
    name: str,
    sides: tuple[list[int], list[int]],
    targets: Sequence[tuple[str, str]],
    options: argparse.Namespace,
    warmed: Callable[[], None] = lambda: None,
) -> float:
    """Load both sides in turn and return the ratio of the median rates.

    Args:
        name: What is measured.
        sides: The ports on which the baseline and Orion listen.
        targets: What ``load`` asks them for, round by round; the last for all rounds after it.
        options: How many rounds, and how long.
        warmed: What to do after the first round, which is not counted.
    """
    rounds: dict[str, list[Load]] = {"baseline": [], "orion": []}
    for number in range(options.rounds + 1):
        asked = targets[min(number, len(targets) - 1)]
        for side, ports, target in zip(rounds, sides, asked, strict=True):
            load = ask(ports, target, options.seconds if number else 1.0)
            if number:
                rounds[side].append(load)
        if not number:
            warmed()
    theirs, ours = (statistics.median(load.per_second for load in rounds[side]) for side in ("baseline", "orion"))
    p99 = statistics.median(load.p99 for load in rounds["orion"])
    print(f"{name:<24} baseline {theirs:6.0f}/s   Orion {ours:6.0f}/s   ratio {ours / theirs:.2f}   p99 {p99:.1f} ms")
    return ours / theirs


def ask(ports: list[int], path: str, seconds: float) -> Load:
    """Load one address from a process of its own with 8 connections, spread over the ports."""
    arguments = [",".join(map(str, ports)), path, str(seconds), "8"]
    command = [sys.executable, "-m", "tests.benchmarks.load", *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return Load(*map(float, answer.stdout.split()))
