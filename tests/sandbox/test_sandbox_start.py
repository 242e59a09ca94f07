"""How a worker starts: what it imports before, what it gets of the user's, and what is said if it cannot."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from seqdsl.sandbox.fork_server import ForkServer
from seqdsl.sandbox.process import spawn
from seqdsl.sandbox.program import Program
from seqdsl.sandbox.worker_client import StartError, WorkerClient
from tests.sandbox.jobs_of_code import CODE, FOLDER

BLOCKERS = {
    "missing": ("raise ModuleNotFoundError('No module named torch')", "No module named torch"),
    "broken": ("raise OSError('libtorch.so')", "OSError: libtorch.so"),
    "exits": ("import sys; sys.exit(1)", "SystemExit"),
    "crashes": ("import os; os._exit(7)", "exit status 7"),
    "hangs": ("import time; time.sleep(99)", "not done within 2 s"),
    "stops": ("import os; os.kill(os.getpid(), 19)", "not done within 2 s"),
    "empty": ("", "has no attribute 'serve'"),
}


@pytest.mark.parametrize("preloaded", [False, True])
@pytest.mark.parametrize("name", BLOCKERS)
def test_a_program_that_cannot_be_imported(
    name: str, preloaded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, message = BLOCKERS[name]
    count = tmp_path / "count"
    (tmp_path / "blocked.py").write_text(f"open({str(count)!r}, 'a').write('x')\n{code}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    preload = ("blocked",) if preloaded else ()
    program = Program("shed", "blocked:serve", preload=preload, advice="Paint it.")
    server = ForkServer(program, 2)
    for _ in range(2):
        with pytest.raises(StartError) as raised:
            server.worker()
        assert str(raised.value).startswith("shed cannot be imported: ")
        assert message in str(raised.value) and str(raised.value).endswith("\nPaint it.")
    server.close()
    assert count.read_text() == "x", "what failed must not be tried for each worker"


def test_an_entry_that_is_killed_whenever_it_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = Program("shed", "blocked:serve")
    worker = WorkerClient(program, spawn(program))
    with pytest.raises(StartError, match=signal.Signals.SIGKILL.name):
        worker.start(60)
    assert not worker.alive


def test_files_beside_the_user_hide_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "socket.py", "seqdsl.py", "colorsys.py"):
        (tmp_path / name).write_text("raise RuntimeError\n")
    monkeypatch.chdir(tmp_path)
    worker = WorkerClient(CODE, spawn(CODE))
    assert worker.start(60) == "code one False"
    worker.close()


def test_what_a_program_wants_to_be_imported_is_there_before_the_first_job() -> None:
    asked = {"code": "send(there='colorsys' in sys.modules)"}
    for program, there in ((CODE, True), (replace(CODE, preload=()), False)):
        worker = WorkerClient(program, spawn(program))
        worker.start(60)
        assert worker.ask(asked, 20) == ([{"there": there}], "")
        worker.close()


def test_the_users_variables_come_before_those_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHED", "red")
    program = replace(CODE, environment={"SHED": "green", "ROOF": "flat", "PYTHONPATH": "/nowhere"})
    worker = WorkerClient(program, spawn(program))
    worker.start(60)
    asked = {"code": "send(found=[os.environ[name] for name in ('SHED', 'ROOF', 'PYTHONPATH')])"}
    assert worker.ask(asked, 20)[0] == [{"found": ["red", "flat", os.environ["PYTHONPATH"]]}]
    assert os.environ["PYTHONPATH"] == FOLDER
    worker.close()
