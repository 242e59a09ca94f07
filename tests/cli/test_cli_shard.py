"""`--shard`: together the shards are everything, and nothing twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from seqdsl.cli.main import cli
from seqdsl.cli.shard import Shard
from seqdsl.pipeline import analyze

PICTURE = "Y\n|\nX\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@given(st.lists(st.text("abc", min_size=1), unique=True), st.integers(1, 7))
def test_shards_are_disjoint_and_complete(names: list[str], total: int) -> None:
    analyses = [analyze(PICTURE, name) for name in names]
    shards = [Shard(place, total).of(analyses) for place in range(1, total + 1)]
    found = [item.source.name for shard in shards for item in shard]
    assert sorted(found) == sorted(names)
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1
    # The order in which files are found is a file system's affair.
    assert shards == [Shard(place, total).of(analyses[::-1]) for place in range(1, total + 1)]


def test_two_machines_verify_each_file_once(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.seq").write_text(PICTURE)
    options = ("--to", "numpy", "--check", "reference")
    outputs = [run("verify", str(tmp_path), "--shard", f"{place}/2", *options) for place in (1, 2)]
    assert [result.exit_code for result in outputs] == [0, 0]
    found = [re.findall(r"^([abc]) ", result.output, re.MULTILINE) for result in outputs]
    assert found == [["a", "c"], ["b"]]


def test_an_empty_shard_is_clean(tmp_path: Path) -> None:
    file = tmp_path / "a.seq"
    file.write_text(PICTURE)
    result = run("verify", str(file), "--to", "numpy", "--shard", "2/2")
    assert result.exit_code == 0 and "shard 2/2: nothing to verify" in result.output


def test_findings_are_reported_by_the_shard_of_their_file(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text("Y   nosuch(1)\n|\nX\n")
    (tmp_path / "b.seq").write_text(PICTURE)
    options = (str(tmp_path), "--to", "numpy", "--check", "reference", "--shard")
    first, second = run("verify", *options, "1/2"), run("verify", *options, "2/2")
    assert (first.exit_code, second.exit_code) == (1, 0)
    assert "SEQ" in first.output and "SEQ" not in second.output


@pytest.mark.parametrize(
    "text", ["0/2", "3/2", "1/0", "1", "1/2/3", "-1/2", "a/b", "1/99999", "٣/٤"]
)
def test_what_is_no_shard(text: str) -> None:
    result = run("verify", "nowhere", f"--shard={text}")
    assert result.exit_code == 2 and "--shard" in result.output
