"""A fleet of real processes, a killer who picks his victims by chance, and what must be true when he is done."""

import os
import random
import signal
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from orion_core.ids import new_id
from tests.host.background.publisher import STEPS, Wishes
from tests.host.background.sample import SUBSCRIBERS
from tests.host.background.stage import Stage, kill_and_start, kill_group

COUNTERS = 100
DRAIN_SECONDS = 60.0
BACKLOG = """
    SELECT 'event' AS kind, 'new' AS status, count(*) FROM core.outbox_event WHERE relayed_at IS NULL
    HAVING count(*) > 0
    UNION ALL
    SELECT 'delivery', status, count(*) FROM core.event_delivery WHERE status IN ('pending', 'failed') GROUP BY status
    UNION ALL
    SELECT task, status, count(*) FROM core.task_run WHERE finished_at IS NULL GROUP BY task, status
"""
WATCH_THE_MARK = (
    """CREATE OR REPLACE FUNCTION sample.note_mark() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO sample.moved VALUES (NEW.entry, NEW.due); RETURN NULL; END $$""",
    """CREATE OR REPLACE TRIGGER note_mark AFTER UPDATE ON core.schedule_mark
       FOR EACH ROW EXECUTE FUNCTION sample.note_mark()""",
)


@dataclass
class Fleet:
    """Every kind of process, some of them twice.

    Args:
        stage: Where they work.
        chance: Chooses victims and moments.
        wishes: What the web processes ask for.
    """

    stage: Stage
    chance: random.Random
    wishes: Wishes
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        for name in ("worker", "relay 1", "relay 2", "beat 1", "beat 2", "web 1", "web 2"):
            self._launch(name)

    def _launch(self, name: str) -> None:
        seeds = {"seed": f"{self.wishes.seed} {name} {self.kills[name]}"}
        wishes = self.wishes.model_copy(update=seeds).model_dump_json()
        kind = name.split(maxsplit=1)[0]
        self.processes[name] = self.stage.start(kind, concurrency=4, WISHES=wishes, TICK_CRON="* * * * * *")

    def suffer(self, rounds: int, pause: tuple[float, float]) -> None:
        """Have everything killed so many times, in an order of chance, and on until all is asked for.

        Each round more leaves longer pauses: where processes take long to start, nothing would ever be asked for.
        """
        while rounds > 0 or not self.has_asked():
            rounds -= 1
            patience = max(1.0, -rounds / 2)
            victims = ["child", "postgres", "valkey", *self.processes]
            self.chance.shuffle(victims)
            for victim in victims:
                time.sleep(patience * self.chance.uniform(*pause))
                self.tend()
                self._kill(victim)

    def tend(self) -> None:
        """Start again what ended by itself, as every supervisor does.

        A worker whose child is killed while it starts ends (Celery 5.7).
        """
        for name, process in self.processes.items():
            if process.poll() is not None:
                self._launch(name)

    def has_asked(self) -> bool:
        """Tell whether the web processes have asked for all they are to ask for."""
        self.tend()
        (counted,) = self.stage.sql("SELECT count(*) FROM sample.intent")
        return bool(counted["count"] >= self.wishes.events)

    def _kill(self, victim: str) -> None:
        self.kills[victim] += 1
        if victim == "child":
            if children := _children(self.processes["worker"].pid):
                os.kill(self.chance.choice(children), signal.SIGKILL)
        elif victim == "postgres":
            kill_and_start(self.stage.servers.postgres)
            self.stage.reconnect()
        elif victim == "valkey":
            kill_and_start(self.stage.servers.valkey)
        else:
            kill_group(self.processes[victim])
            self._launch(victim)

    def drain(self) -> None:
        """Wait until nothing is left to do."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while left := self.stage.sql(BACKLOG):
            assert time.monotonic() < deadline, left
            self.tend()
            time.sleep(0.1)

    def end(self, kind: str) -> None:
        """Have all processes of a kind end."""
        for name in [name for name in self.processes if name.startswith(kind)]:
            process = self.processes.pop(name)
            process.terminate()
            process.wait(60)


def _children(pid: int) -> list[int]:
    answer = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in answer.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


@dataclass(frozen=True, kw_only=True)
class Storm:
    """How much is asked for and how much is killed."""

    events: int
    runs: int
    seconds: float
    rounds: int
    pause: tuple[float, float]


def endure(stage: Stage, seed: int, storm: Storm) -> None:
    """Let a fleet work while it is being killed, let it finish, and look at every effect."""
    for statement in WATCH_THE_MARK:
        stage.sql(statement)
    for _ in range(COUNTERS):
        stage.sql("INSERT INTO sample.counter VALUES (%s)", new_id())
    stores = [(store.platform_id, store.merchant_id, store.store_id) for store in stage.stores]
    # Two web processes, three events in a transaction, half of the longest pause on average.
    pause = 2 * 2 * 3 * storm.seconds / storm.events
    wishes = Wishes.model_validate(
        {"seed": str(seed), "events": storm.events, "runs": storm.runs, "pause": pause, "stores": stores}
    )
    fleet, began = Fleet(stage, random.Random(seed), wishes), time.monotonic()
    fleet.start()
    fleet.suffer(storm.rounds, storm.pause)
    last_kill = time.monotonic()
    fleet.end("web")
    fleet.end("beat")
    fleet.drain()
    drained = time.monotonic()
    events = len(stage.sql("SELECT 1 FROM sample.intent"))
    print(
        f"seed {seed}: {events} events in {drained - began:.0f} s, {fleet.kills.total()} kills,"
        f" {events / (drained - began):.0f} events/s, drained {drained - last_kill:.1f} s after the last kill"
    )
    assert drained - last_kill < DRAIN_SECONDS
    check_events(stage)
    check_runs(stage)
    check_schedule(stage)


def check_events(stage: Stage) -> None:
    """Each subscriber handled each event once, those of a counter in the order they were published."""
    wanted = _numbers_by_counter(stage.sql("SELECT counter, number FROM sample.intent ORDER BY number"))
    counters = {row["number"]: row["counter"] for row in stage.sql("SELECT counter, number FROM sample.intent")}
    effects = stage.effects()
    for _, subscriber in SUBSCRIBERS:
        word = subscriber.id.partition(".")[2]
        numbers = [int(what.split()[1]) for what in effects if what.startswith(f"{word} ")]
        rows = [{"counter": counters[number], "number": number} for number in numbers]
        assert len(numbers) == len(counters), word
        assert _numbers_by_counter(rows) == wanted, word
    statuses = stage.sql("SELECT DISTINCT status FROM core.event_delivery")
    assert [row["status"] for row in statuses] == ["done"]


def _numbers_by_counter(rows: list[dict[str, Any]]) -> dict[Any, list[int]]:
    found = defaultdict(list)
    for row in rows:
        found[row["counter"]].append(row["number"])
    return dict(found)


def check_runs(stage: Stage) -> None:
    """Each run that was asked for ended well, did each step once, and exclusive ones did not overlap."""
    runs = {row["id"]: row for row in stage.sql("SELECT * FROM core.task_run WHERE task <> 'sample.tick'")}
    asked = {row["run_id"]: row for row in stage.sql("SELECT * FROM sample.asked")}
    assert runs.keys() == asked.keys()
    assert {row["status"] for row in runs.values()} == {"succeeded"}
    done = defaultdict(list)
    for what in stage.effects():
        if what.startswith(("step ", "turn ")):
            _, tag, number, _ = what.split()
            done[tag].append(int(number))
    assert dict(done) == {row["tag"]: list(range(STEPS)) for row in asked.values()}
    stores = {row["tag"]: runs[row["run_id"]]["store_id"] for row in asked.values()}
    assert list(_overlaps(stage, stores)) == []


def _overlaps(stage: Stage, stores: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield attempts of exclusive runs of one store of which one began before the other had done its last step."""
    spans: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in stage.sql("SELECT id, what FROM sample.effect WHERE what LIKE 'turn %%' ORDER BY id"):
        _, tag, _, attempt = row["what"].split()
        spans[stores[tag]][f"{tag} {attempt}"].append(row["id"])
    for attempts in spans.values():
        in_order = sorted(attempts.items(), key=lambda item: item[1][0])
        for (one, ids), (other, others) in pairwise(in_order):
            if ids[-1] > others[0]:
                yield one, other


def check_schedule(stage: Stage) -> None:
    """Each move of the schedule's mark started one run, and it never stood still for long."""
    moves = [row["due"] for row in stage.sql("SELECT due FROM sample.moved ORDER BY due")]
    runs = stage.sql("SELECT status FROM core.task_run WHERE task = 'sample.tick'")
    assert len(moves) > 2
    assert len(set(moves)) == len(moves)
    assert max((later - earlier).total_seconds() for earlier, later in pairwise(moves)) < DRAIN_SECONDS
    assert [row["status"] for row in runs] == ["succeeded"] * len(moves)
    assert stage.effects().count("tick") == len(moves)
