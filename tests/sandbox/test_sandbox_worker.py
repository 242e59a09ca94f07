"""Whatever a job does to its process is that job's failure, and the next job passes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.limits import PATIENCE
from seqdsl.sandbox.process import spawn
from seqdsl.sandbox.worker_client import WorkerClient
from tests.sandbox.jobs_of_code import CODE

Run = Callable[..., tuple[list[dict[str, Any]], str]]

PATIENT = 80
"""Seconds within which a worker is back, however busy the machine is: less than what hangs would take."""


def assert_next_passes(run: Run) -> None:
    assert run("send(result=1)") == ([{"result": 1}], "")


SURVIVED = {
    "syntax error": ("def build(:\n", "SyntaxError"),
    "exception": ("1 / 0", "ZeroDivisionError"),
    "sys.exit": ("sys.exit(0)", "SystemExit: 0"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "memory": ("bytearray(1 << 60)", "MemoryError"),
    "recursion": ("def f(): f()\nf()", "RecursionError"),
    "long message": ("raise ValueError('x' * 9999)", "\n...\n"),
}


@pytest.mark.parametrize("name", SURVIVED)
def test_exceptions_are_the_programs_to_answer(name: str, run: Run) -> None:
    code, message = SURVIVED[name]
    ((answer,), why) = run(code)
    assert message in answer["failed"] and len(answer["failed"]) < 2100 and not why
    assert_next_passes(run)


DEATHS = {
    "_exit": ("print('bye'); sys.stdout.flush(); os._exit(3)", "exit status 3", "bye"),
    "_exit 0": ("os._exit(0)", "exit status 0", ""),
    "killed": ("os.kill(os.getpid(), 9)", "SIGKILL", ""),
    "segfault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV", '"<job>", line 1'),
    "abort": ("os.abort()", "SIGABRT", ""),
    "busy": ("\nwhile True: pass", "limit of 1 s of processor time", "in line 2 of the job"),
    "busy in C": ("pow(7, 10**9)", "time limit of 1 s of processor time", "in line 1"),
    "busy, and deaf": (
        "signal.signal(15, signal.SIG_IGN)\nwhile True: pass",
        "not done within the time limit of 1 s of processor time",
        "",
    ),
    "busy children": (
        "pids = [os.fork() for _ in range(2)]\nwhile 0 in pids: pass\nos.wait()",
        "time limit of 1 s of processor time",
        "in line 3 of the job",
    ),
}


@pytest.mark.parametrize("name", DEATHS)
def test_death(name: str, run: Run) -> None:
    code, how, words = DEATHS[name]
    begun = time.perf_counter()
    answers, why = run(code, limit=1)
    assert answers == [] and how in why and words in why
    assert time.perf_counter() - begun < PATIENT
    assert_next_passes(run)


def test_what_was_answered_before_death_counts(run: Run) -> None:
    answers, why = run("send(step=1); send(step=2); os._exit(3)")
    assert answers == [{"step": 1}, {"step": 2}] and "exit status 3" in why
    assert_next_passes(run)


WAITS = {
    "sleep": ("time.sleep(99)", "in line 1 of the job"),
    "fork and sleep": ("os.fork(); time.sleep(99)", "in line 1 of the job"),
    # What it leaves behind holds its pipes for longer than anybody waits.
    "detach and sleep": ("os.fork() or os.setsid(); time.sleep(99)", "in line 1"),
    # SIGSTOP stops the worker's own watchdog too: only the parent can end it.
    "stop": ("os.kill(os.getpid(), signal.SIGSTOP)", ""),
}


@pytest.mark.parametrize("name", WAITS)
def test_who_waits_is_ended_by_the_clock(name: str, run: Run) -> None:
    code, where = WAITS[name]
    begun = time.perf_counter()
    _, why = run(code, limit=1 / PATIENCE)
    assert where in why
    assert "not done within 1 s, 10 times the time limit of 0.1 s of processor time" in why
    assert 1 <= time.perf_counter() - begun < PATIENT
    assert_next_passes(run)


def test_death_is_noticed_though_a_child_holds_the_pipes(run: Run) -> None:
    begun = time.perf_counter()
    _, why = run("os.fork() and os._exit(5); os.setsid(); time.sleep(99)")
    assert "exit status 5" in why
    assert time.perf_counter() - begun < PATIENT
    assert_next_passes(run)


def test_waiting_is_not_counted(run: Run) -> None:
    assert run("time.sleep(2); send(result=2)", limit=1) == ([{"result": 2}], "")


def test_a_worker_that_is_killed_from_outside_while_it_is_to_be_asked(server: ForkServer) -> None:
    worker = server.worker()
    os.kill(worker._process.pid, signal.SIGKILL)
    assert "SIGKILL" in worker.ask({"code": "pass"}, 3)[1]
    assert not worker.alive
    worker.close()


SAYING = r"print('hello'); os.write(1, b'native\n')"


@pytest.mark.parametrize(
    "noise",
    [
        "print('{\"done\": true}', flush=True)",
        "os.write(1, b'{\"done\": true}\\n')",
        "os.system('echo \"{}\"')",
        "print('\\udc80\\x00' * 500_000)",
        "sys.stderr.write('x' * 5_000_000)",
        "sys.stdout.close(); sys.stderr.close()",
        "sys.stdout = sys.stderr = None",
        "assert sys.stdin.read() == ''",
        "os.close(0); os.close(1); os.close(2)",
    ],
)
def test_noise(noise: str, run: Run) -> None:
    assert run(f"{noise}\nsend(result=1)") == ([{"result": 1}], "")
    _, why = run(f"{SAYING}; os._exit(5)")
    assert why.endswith("it said last:\nhello\nnative")


def test_words_of_one_job_are_not_blamed_on_the_next(run: Run) -> None:
    assert run("print('first', end='')") == ([], "")
    assert run("print('second'); os._exit(1)")[1].endswith("it said last:\nsecond")


def test_a_child_of_a_job_cannot_answer(run: Run) -> None:
    code = "pid = os.fork()\nif pid: os.waitpid(pid, 0)\nsend(pid=pid)"
    (answer,), why = run(code)
    assert answer["pid"] > 0 and not why


@pytest.mark.parametrize("end", ["pass", "1 / 0", "sys.exit(3)"])
def test_a_child_of_a_job_that_comes_back_ends(end: str, run: Run) -> None:
    (answer, *_), why = run(f"pid = os.fork()\nif pid: send(pid=pid)\nelse: {end}")
    assert not why
    stat, end_of_patience = Path(f"/proc/{answer['pid']}/stat"), time.monotonic() + 20
    # It is the worker's to reap, so it may stay as a zombie.
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < end_of_patience
        time.sleep(0.05)
    assert_next_passes(run)


def test_no_process_is_left(tmp_path: Any) -> None:
    beat = tmp_path / "beat"
    worker = WorkerClient(CODE, spawn(CODE))
    worker.start(60)
    worker.ask({"code": f"os.system('while :; do echo x >> {beat}; sleep 0.05; done &')"}, 20)
    while not beat.exists():
        time.sleep(0.05)
    worker.close()
    size = beat.stat().st_size
    time.sleep(0.3)
    assert size and beat.stat().st_size == size


def test_a_detached_process_does_not_hold_us() -> None:
    child = "import subprocess; subprocess.Popen(['sleep', '90'], start_new_session=True)"
    worker = WorkerClient(CODE, spawn(CODE))
    worker.start(60)
    begun = time.perf_counter()
    assert worker.ask({"code": child}, 20) == ([], "")
    worker.close()
    assert time.perf_counter() - begun < 30
