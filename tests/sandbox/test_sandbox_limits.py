"""How much a job may take of memory and of the processor."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from seqdsl.sandbox import cpu_time
from seqdsl.sandbox.cpu_time import cpu_seconds
from seqdsl.sandbox.memory_limit import format_size, parse_size, resident_size

Run = Callable[..., tuple[list[dict[str, Any]], str]]

GREEDY = """
kept = []
while True:
    kept.append(b"x" * 2**24)
"""


def test_memory_beyond_the_limit_is_the_jobs_failure(run: Run) -> None:
    begun = time.perf_counter()
    _, why = run(GREEDY, 30, parse_size("300MiB"))
    assert why == "took more than the memory limit of 300 MiB"
    assert time.perf_counter() - begun < 80
    assert run("send(result=1)", 30, parse_size("300MiB")) == ([{"result": 1}], "")


SIZES = {
    "512MiB": 2**29,
    "512M": 2**29,
    "1.5G": 3 * 2**29,
    "2 GiB": 2**31,
    "2GB": 2 * 10**9,
    "2gb": 2 * 10**9,
    "1T": 2**40,
    "2048K": 2**21,
}


@pytest.mark.parametrize("text", SIZES)
def test_size(text: str) -> None:
    assert parse_size(text) == SIZES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "G",
        "-1G",
        "1e3M",
        "12X",
        "1K",
        "0M",
        "1GBit",
        "nan",
        "9" * 400 + "GiB",
        "9" * 400 + "K",
        "8388608TiB",
    ],
)
def test_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"size|too little|is none"):
        parse_size(text)


def test_a_size_in_words() -> None:
    assert (format_size(2**29), format_size(2**31)) == ("512 MiB", "2 GiB")


def test_memory_of_a_process() -> None:
    assert resident_size(os.getpid()) > 2**22
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert resident_size(process.pid) == 0


BUSY = "exec('import time\\nwhile time.process_time() < 0.5: pass')"
IDLE = "import sys; sys.stdin.read()"

SPENDERS = {
    "itself": f"{BUSY}\n{IDLE}",
    "a child that is over": f"import os\nif not os.fork(): {BUSY}; os._exit(0)\nos.wait()\n{IDLE}",
    "a child's child": f"import os\nos.fork() or os.fork() or {BUSY}\n{IDLE}",
}


@pytest.mark.parametrize("name", SPENDERS)
@pytest.mark.parametrize("how", [cpu_seconds, cpu_time._asked], ids=["proc", "ps"])
def test_processor_time_of_a_process(name: str, how: Callable[[int], float]) -> None:
    command = [sys.executable, "-c", SPENDERS[name]]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        least = 0.4 if how is cpu_seconds else 0
        end = time.monotonic() + 60
        while not least < (found := how(process.pid)) and time.monotonic() < end:
            time.sleep(0.05)
            # ps of Linux tells whole seconds only, and nothing of children that are over.
            least = least or -1
        assert least <= found < 5
    finally:
        process.communicate()
    assert how(process.pid) == 0
