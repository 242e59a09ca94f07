"""The grammar's tables are kept in a folder of the user's own, or nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seqdsl.syntax import parser_cache

PARSE = "from seqdsl.syntax.lines import parse_lines; print(parse_lines('O O  lstm(3)\\nx = 3'))"


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(parser_cache, "_caches", lambda: tmp_path)
    monkeypatch.delenv(parser_cache.SWITCH, raising=False)
    return tmp_path / "seqdsl"


def test_the_folder_is_closed_to_others(caches: Path) -> None:
    found = parser_cache.tables_file()
    assert found is not None and Path(found).parent == caches
    assert caches.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_not_used(caches: Path, mode: int) -> None:
    caches.mkdir()
    caches.chmod(mode)
    assert parser_cache.tables_file() is None


def test_a_link_is_not_followed(caches: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o777)
    caches.symlink_to(elsewhere)
    assert parser_cache.tables_file() is None


def test_no_place_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.delenv(parser_cache.SWITCH, raising=False)
    monkeypatch.setattr(parser_cache, "_caches", lambda: tmp_path / "file")
    assert parser_cache.tables_file() is None


def test_it_can_be_switched_off(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(parser_cache.SWITCH, "1")
    assert parser_cache.tables_file() is None
    assert not caches.exists()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="they have other folders")
def test_kept_tables_and_broken_ones_parse_alike(tmp_path: Path) -> None:
    def run() -> str:
        environment = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
        command = [sys.executable, "-c", PARSE]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    fresh = run()
    (kept,) = (tmp_path / "seqdsl").iterdir()
    assert kept.stat().st_size > 1000
    assert run() == fresh
    kept.write_bytes(kept.read_bytes()[:500])
    assert run() == fresh
    kept.write_bytes(b"nonsense")
    assert run() == fresh


@pytest.mark.skipif(sys.platform == "win32", reason="a profile is closed by itself")
@pytest.mark.parametrize("left", ["of others", "open", "link"])
def test_a_file_that_others_left_in_the_folder_is_not_read(
    caches: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: str
) -> None:
    found = parser_cache.tables_file()
    assert found is not None
    file = Path(found)
    if left == "link":
        (tmp_path / "elsewhere").write_bytes(b"theirs")
        file.symlink_to(tmp_path / "elsewhere")
    else:
        file.write_bytes(b"theirs")
        file.chmod(0o666 if left == "open" else 0o644)
    if left == "of others":
        other = os.geteuid() + 1
        folder = parser_cache._is_ours
        # Only root could give it to somebody else: here all but the file is theirs.
        monkeypatch.setattr(parser_cache.os, "geteuid", lambda: other)
        monkeypatch.setattr(parser_cache, "_is_ours", lambda path: path != file or folder(path))
    assert parser_cache.tables_file() is None


def test_a_file_of_our_own_is_read(caches: Path) -> None:
    found = parser_cache.tables_file()
    assert found is not None
    Path(found).write_bytes(b"ours")
    Path(found).chmod(0o644)
    assert parser_cache.tables_file() == found
