"""``seqdsl watch``: real saves, seen by a real process."""

from __future__ import annotations

import ast
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
WIDER = GOOD.replace("dense(2)", "dense(5)")
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"
PATIENCE = 30.0
# A shell that runs the tests in the background has its children ignore Ctrl-C.
START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from seqdsl.cli.main import main
main()
"""

Start = Callable[..., "Watch"]


class Watch:
    """A running watch; its output arrives line by line."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, "watch", *map(str, arguments), "--interval", "0.02"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def round(self) -> str:
        """What it says next, until it waits again."""
        said = ""
        while not said.endswith("press Ctrl-C to stop\n"):
            said += self.lines.get(timeout=PATIENCE)
        return said

    def silent(self, seconds: float) -> bool:
        try:
            self.lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "picture.seq"
    path.write_text(GOOD)
    return path


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Watch] = []

    def begin(*arguments: object) -> Watch:
        started.append(Watch(*arguments))
        return started[-1]

    yield begin
    for item in started:
        item.process.kill()
        item.process.wait(PATIENCE)


def test_every_save_is_checked_and_ctrl_c_ends(file: Path, start: Start) -> None:
    watch = start(file)
    assert "1 model, no problems" in watch.round()
    assert watch.silent(0.3)
    file.write_text(WIDER)
    assert "(2, 5)" in watch.round()
    file.write_text(BAD)
    said = watch.round()
    assert "SEQ202" in said
    assert "0 models, 1 error" in said
    file.write_text(GOOD)
    assert "(2, 2)" in watch.round()
    assert watch.interrupt() == 0
    assert watch.silent(0.1)


def test_a_save_by_rename(file: Path, start: Start) -> None:
    watch = start(file)
    watch.round()
    # Of the same time and size: only that it is another file tells.
    fresh = file.with_suffix(".tmp")
    fresh.write_text(GOOD.replace("(8)", "(9)"))
    found = file.stat()
    os.utime(fresh, ns=(found.st_atime_ns, found.st_mtime_ns))
    fresh.replace(file)
    assert "(2, 9)" in watch.round()


def test_a_file_that_goes_and_comes_back(file: Path, start: Start) -> None:
    watch = start(file)
    watch.round()
    file.unlink()
    assert "not found; waiting" in watch.round()
    file.write_text(WIDER)
    assert "(2, 5)" in watch.round()
    assert watch.interrupt() == 0


def test_what_is_no_text_is_said_and_it_goes_on(file: Path, start: Start) -> None:
    watch = start(file)
    watch.round()
    file.write_bytes(b"\xff\xfe\x00")
    assert "error" in watch.round()
    file.write_text(WIDER)
    assert "(2, 5)" in watch.round()


def test_the_source_is_written_anew_unless_the_picture_has_errors(
    file: Path, tmp_path: Path, start: Start
) -> None:
    output = tmp_path / "model.py"
    watch = start(file, "--to", "keras", "-o", output)
    assert f"wrote {output}" in watch.round()
    assert "Dense(2" in output.read_text()
    file.write_text(BAD)
    assert "wrote" not in watch.round()
    assert "Dense(2" in output.read_text()
    file.write_text(WIDER)
    watch.round()
    assert "Dense(5" in output.read_text()


def test_the_source_is_printed(file: Path, start: Start) -> None:
    said = start(file, "--to", "torch").round()
    source = said[said.index('"""PyTorch model') : said.rindex("watching ")]
    ast.parse(source)
    assert "nn.Linear(8, 2)" in source


def test_a_place_that_cannot_be_written_does_not_end_it(
    file: Path, tmp_path: Path, start: Start
) -> None:
    watch = start(file, "--to", "keras", "-o", tmp_path / "no" / "model.py")
    assert "no such file or directory" in watch.round()
    file.write_text(TWO)
    assert "has 2 models: choose one with --model" in watch.round()
    assert not (tmp_path / "no").exists()
    file.write_text(GOOD)
    (tmp_path / "no").mkdir()
    assert f"wrote {tmp_path / 'no' / 'model.py'}" in watch.round()


def test_several_models_need_a_folder(file: Path, start: Start) -> None:
    file.write_text(TWO)
    assert "has 2 models: choose one with --model" in start(file, "--to", "keras").round()


@pytest.mark.parametrize(
    "arguments", [("nowhere.seq",), (".",), (), ("picture.seq", "-o", "x.py"), ("-",)]
)
def test_what_cannot_be_watched(
    file: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(file.parent)
    result = CliRunner().invoke(cli, ["watch", *arguments])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_a_terminal_is_cleared_before_each_round(file: Path) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", START, "watch", str(file)]
    env = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    said = b""
    while b"press Ctrl-C to stop" not in said:
        assert select.select([ours], [], [], PATIENCE)[0]
        said += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    os.close(ours)
    assert said.startswith(b"\x1b[2J")
    assert b"many-to-many aligned" in said


def test_nothing_is_cleared_in_a_pipe(file: Path, start: Start) -> None:
    assert "\x1b" not in start(file).round()


@pytest.mark.parametrize("interval", ["nan", "inf", "1e999", "-1", "0", "1e-400", "61", ""])
def test_an_interval_that_is_none(interval: str, tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    done = CliRunner().invoke(cli, ["watch", str(tmp_path / "a.seq"), "--interval", interval])
    assert done.exit_code == 2 and "Invalid value for '--interval'" in done.output


def test_logits_are_written_and_what_has_none_is_told(file: Path, start: Start) -> None:
    output = file.with_suffix(".py")
    file.write_text(GOOD.replace("dense(2)", "dense(2, softmax)"))
    watch = start(file, "--to", "torch", "-o", output, "--logits")
    watch.round()
    assert "Gives logits" in output.read_text()
    file.write_text(GOOD)
    assert "no output ends in softmax" in watch.round()
    assert "Gives logits" in output.read_text()
