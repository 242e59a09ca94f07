"""Whatever a model does to its process is that model's failure, and the next model passes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqdsl.sandbox.limits import PATIENCE
from seqdsl.verify.jobs import LIMIT, Case, Job
from seqdsl.verify.lane import Lane
from seqdsl.verify.pool import verify_jobs
from seqdsl.verify.report import Progress

Make = Callable[..., Job]


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    """A lane of PyTorch, which is back soon after a crash, with a short limit."""
    shared = Lane("torch", timeout=3)
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Lane]:
    """A lane in which the clock ends a model after three seconds."""
    shared = Lane("torch", timeout=3 / PATIENCE)
    yield shared
    shared.close()


def build(body: str) -> str:
    return f"import os, sys\nfrom torch import nn\n\ndef build_model():\n    {body}\n"


def only_failure(lane: Lane, job: Job) -> tuple[str, str]:
    *before, last = lane.run(job)
    assert not last.passed and all(result.passed for result in before)
    return last.check, last.message


def assert_next_passes(lane: Lane, make_job: Make) -> None:
    assert all(result.passed for result in lane.run(make_job()))


SURVIVED = {
    "syntax error": ("def build_model(:\n", "SyntaxError"),
    "error in the module": ("import no_such_module\n", "no_such_module"),
    "error in build": (build("return nn.Linear(8, units)"), "in line 5 of the generated code: ret"),
    "sys.exit": (build("sys.exit(0)"), "SystemExit: 0"),
    "interrupt": (build("raise KeyboardInterrupt"), "KeyboardInterrupt"),
    "memory": (build("return bytearray(1 << 60)"), "MemoryError"),
    "recursion": (build("return build_model()"), "RecursionError"),
    "no builder": ("x = 1\n", "build_model"),
    "no model": (build("return 3"), "build_model() returned int, which is not a torch model"),
    "long message": (build("raise ValueError('x' * 9999)"), "\n...\n"),
}


@pytest.mark.parametrize("name", SURVIVED)
def test_exception(name: str, lane: Lane, make_job: Make) -> None:
    source, message = SURVIVED[name]
    worker = lane._workers.get("builder")
    check, found = only_failure(lane, make_job(source=source))
    assert check == "build" and message in found and len(found) < 2100
    assert_next_passes(lane, make_job)
    assert worker in (None, lane._workers["builder"]), "the worker must survive an exception"


PATIENT = 80
"""Seconds within which a worker is back, however busy the machine is: less than what hangs would take."""

# What becomes of a process in all other ways: tests/sandbox.
DEATHS = {
    "_exit": (build("print('bye'); sys.stdout.flush(); os._exit(3)"), "exit status 3", "bye"),
    "segfault": (build("import ctypes; ctypes.string_at(0)"), "SIGSEGV", "build_model"),
    "busy": (build("while True: pass"), "limit of 3 s of processor time", "in line 5 of the gen"),
}


@pytest.mark.parametrize("name", DEATHS)
def test_death(name: str, lane: Lane, make_job: Make) -> None:
    source, how, words = DEATHS[name]
    begun = time.perf_counter()
    check, message = only_failure(lane, make_job(source=source))
    assert check == "build" and how in message and words in message
    # It takes three seconds at most where nothing else runs, and many times that on a busy machine.
    assert time.perf_counter() - begun < PATIENT
    assert_next_passes(lane, make_job)


def test_death_in_a_check_is_of_that_check(lane: Lane, make_job: Make) -> None:
    source = """
import os
from torch import nn

class Late(nn.Linear):
    def forward(self, x):
        os._exit(1)

def build_model():
    return Late(8, 4)
"""
    assert only_failure(lane, make_job(source=source))[0] == "shapes"
    assert_next_passes(lane, make_job)


def test_who_waits_is_ended_by_the_clock(hasty: Lane, lane: Lane, make_job: Make) -> None:
    source = build("import time; time.sleep(99)")
    check, message = only_failure(hasty, make_job(source=source))
    assert check == "build" and "in line 5 of the generated code, in build_model" in message
    assert "not done within 3 s, 10 times the time limit of 0.3 s of processor time" in message
    assert_next_passes(lane, make_job)


def test_a_worker_that_is_killed_from_outside_while_it_is_to_be_asked(
    lane: Lane, make_job: Make
) -> None:
    assert_next_passes(lane, make_job)
    worker = lane._workers["builder"]
    os.kill(worker._process.pid, signal.SIGKILL)
    # Whether it is found out before it is asked or after, somebody must say so or another one answer.
    results = lane.run(make_job())
    assert results[-1].passed or "SIGKILL" in results[-1].message
    assert_next_passes(lane, make_job)


def test_what_a_model_prints_is_not_blamed_on_the_next(lane: Lane, make_job: Make) -> None:
    source = build("print('{\"done\": true}'); print('first', end=''); return nn.Linear(8, 4)")
    assert [result.passed for result in lane.run(make_job(source=source))] == [True, True, True]
    message = only_failure(lane, make_job(source=build("print('second'); os._exit(1)")))[1]
    assert message.endswith("it said last:\nsecond")


def test_detached_process_does_not_hold_us(make_job: Make) -> None:
    child = "import subprocess; subprocess.Popen(['sleep', '90'], start_new_session=True)"
    begun = time.perf_counter()
    assert verify_jobs([make_job(source=build(f"{child}; return nn.Linear(8, 4)"))]).passed
    # PyTorch is imported in that time, on a machine that may be busy.
    assert time.perf_counter() - begun < 60


def test_out_of_proportion_is_not_tried(lane: Lane, make_job: Make, tmp_path: Path) -> None:
    source = f"open({str(tmp_path / 'tried')!r}, 'w')\n"
    case = Case(1, ((1, 8),), ((1, 4),), values=LIMIT + 1)
    for job in (
        make_job(source=source, parameters=LIMIT + 1),
        make_job(source=source, cases=(case,)),
    ):
        check, message = only_failure(lane, job)
        assert check == "size" and f"{LIMIT:,}" in message
    assert not list(tmp_path.iterdir())


def test_source_is_not_run_as_main(lane: Lane, make_job: Make) -> None:
    source = build("return nn.Linear(8, 4)") + "if __name__ == '__main__':\n    os._exit(1)\n"
    assert all(result.passed for result in lane.run(make_job(source=source)))


def test_unknown_target(make_job: Make) -> None:
    report = verify_jobs([make_job(), make_job("torch")][:0])
    assert not report.passed and report.results == ()
    lane = Lane("theano")
    job = make_job()
    result = lane.run(Job(**{**{f: getattr(job, f) for f in job.__slots__}, "target": "theano"}))
    assert "unknown target 'theano'" in result[0].message


BLOCKERS = {
    "missing": ("raise ModuleNotFoundError('No module named torch')", "No module named torch"),
    "hangs": ("import time; time.sleep(99)", "not done within 2 s"),
}


@pytest.mark.parametrize("name", BLOCKERS)
def test_framework_that_cannot_be_imported(
    name: str, make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, message = BLOCKERS[name]
    count = tmp_path / "count"
    (tmp_path / "torch.py").write_text(f"open({str(count)!r}, 'a').write('x')\n{code}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    report = verify_jobs([make_job(), make_job(model="two")], startup=2)
    assert [result.check for result in report.failures] == ["import", "import"]
    for result in report.failures:
        assert result.message.startswith("torch cannot be imported: ") and message in result.message
        assert 'pip install "seqdsl[torch]"' in result.message
    assert count.read_text() == "x", "a framework that failed must not be tried for each model"


def test_start_up_is_not_the_first_models_time(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import time; time.sleep(4)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert verify_jobs([make_job()], timeout=3.5).passed


def test_files_beside_the_user_do_not_hide_frameworks(
    make_job: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("torch.py", "numpy.py", "json.py", "seqdsl.py"):
        (tmp_path / name).write_text("raise RuntimeError\n")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert verify_jobs([make_job()]).passed


def test_both_frameworks_in_the_order_of_the_jobs(make_job: Make) -> None:
    jobs = [
        make_job(target, model=model, file=f"{model}.seq", parameters=36 + (model == "b"))
        for model in "abc"
        for target in ("keras", "torch")
    ]
    seen: list[Progress] = []
    report = verify_jobs(jobs, progress=seen.append)
    assert [(r.file, r.model, r.target) for r in report.results[::3]] == [
        (job.file, job.model, job.target) for job in jobs
    ]
    assert {(r.model, r.target, r.check) for r in report.failures} == {
        ("b", "keras", "parameters"),
        ("b", "torch", "parameters"),
    }
    assert not report.passed and len(report.of("c", "torch", "c.seq")) == 3
    assert [(item.done, item.total) for item in seen] == [(k, 6) for k in range(1, 7)]
    assert all(len(item.results) == 3 for item in seen)


def test_error_in_progress_stops_everything(make_job: Make) -> None:
    class Ours(Exception):
        pass

    def progress(_: Progress) -> None:
        raise Ours

    slow = make_job("keras", source="import time; time.sleep(60)")
    begun = time.perf_counter()
    with pytest.raises(Ours):
        verify_jobs([slow, make_job(), make_job()], progress=progress)
    assert time.perf_counter() - begun < 30
