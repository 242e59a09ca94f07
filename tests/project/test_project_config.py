"""[tool.seqdsl] in pyproject.toml: where it is found, what it says, and what it may not say."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.cli.main import cli
from seqdsl.project.config import BadSetting, Settings, settings_for

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
UNUSED = GOOD + "\nunits = 3\n"
"""A picture with the warning SEQ113."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def project(folder: Path, table: str, text: str = UNUSED) -> Path:
    """A picture in a project; its path."""
    (folder / "pyproject.toml").write_text(f"[tool.seqdsl]\n{table}\n")
    file = folder / "pictures" / "a.seq"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_every_key(tmp_path: Path) -> None:
    table = """
targets = ["torch"]
timeout = 5
memory = "2GiB"
jobs = 3
include = ["*.seq", "*.md"]
exclude = ["drafts"]
select = ["SEQ1"]
ignore = ["SEQ113"]
strict = true
"""
    assert settings_for([project(tmp_path, table)]) == Settings(
        ("torch",),
        5.0,
        2**31,
        3,
        ("*.seq", "*.md"),
        ("drafts",),
        ("SEQ1",),
        ("SEQ113",),
        True,
        tmp_path,
    )


def test_the_nearest_table_counts(tmp_path: Path) -> None:
    file = project(tmp_path, "timeout = 5")
    assert settings_for([file]).timeout == 5
    # A pyproject.toml that says nothing of seqdsl is passed over, as ruff does.
    (file.parent / "pyproject.toml").write_text('[project]\nname = "seqdsl-user"\n')
    assert settings_for([file]).timeout == 5
    (file.parent / "pyproject.toml").write_text('["tool"]\nseqdsl.timeout = 7\n')
    assert settings_for([file]).timeout == 7
    assert settings_for([file, tmp_path / "other.seq"]).timeout == 5


def test_standard_input_is_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, "timeout = 5")
    monkeypatch.chdir(tmp_path)
    assert settings_for(["-"]).timeout == 5


def test_no_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\n")
    assert settings_for([tmp_path / "a.seq"]) == Settings(root=tmp_path)


WRONG = {
    "time_out = 5": "has no key `time_out`; did you mean `timeout`?",
    "zzz = 5": "has no key `zzz`; there are targets, timeout",
    "timeout = 0": "timeout: a number of seconds is expected",
    "timeout = inf": "timeout: a number of seconds is expected",
    "timeout = nan": "timeout: a number of seconds is expected",
    "timeout = true": "timeout: a number of seconds is expected",
    'timeout = "5"': "timeout: a number of seconds is expected",
    'targets = ["tourch"]': "targets: unknown framework `tourch`; did you mean `torch`?",
    'targets = "torch"': "targets: a list of texts is expected",
    "memory = 5": "memory: '5' is not a valid size: write, for example, 512MiB",
    'memory = "1K"': "too little",
    "jobs = 0": "jobs: a whole number is expected",
    "jobs = 1.5": "jobs: a whole number is expected",
    "jobs = 100000000000000000000": "jobs: a whole number is expected, from 1 to 1024",
    "timeout = 1e999": "timeout: a number of seconds is expected",
    f"timeout = {'9' * 400}": "timeout: a number of seconds is expected",
    f"timeout = {'9' * 5_000}": "cannot be read",
    f'memory = "{"9" * 400}GiB"': "a memory limit of more than 8,388,607 TiB is none",
    "memory = nan": "memory: 'nan' is not a valid size",
    "exclude = [1]": "exclude: a list of texts is expected",
    'ignore = ["SEQ202"]': "ignore: SEQ202 is an error, which cannot be ignored",
    'ignore = ["SEQ2"]': "ignore: no warning is called SEQ2",
    'select = ["SEQ4O1"]': "no warning is called SEQ4O1; did you mean `SEQ401`?",
    'strict = "yes"': "strict: true or false is expected",
    "strict = ": "cannot be read",
}


@pytest.mark.parametrize("table", WRONG)
def test_what_is_wrong_is_said(tmp_path: Path, table: str) -> None:
    file = project(tmp_path, table)
    with pytest.raises(BadSetting) as caught:
        settings_for([file])
    assert WRONG[table] in str(caught.value)
    assert str(tmp_path / "pyproject.toml") in str(caught.value)
    result = run("check", str(file))
    assert result.exit_code == 2 and WRONG[table] in result.output


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\nseqdsl = 3", "tool.seqdsl = []"])
def test_no_table_but_something_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(BadSetting):
        settings_for([tmp_path / "a.seq"])


CODES = [
    ("", (), 0, True),
    ("strict = true", (), 1, True),
    ("strict = true", ("--no-strict",), 0, True),
    ("", ("--strict",), 1, True),
    ('strict = true\nignore = ["SEQ113"]', (), 0, False),
    ('ignore = ["SEQ1"]', (), 0, False),
    ("strict = true", ("--ignore", "SEQ113"), 0, False),
    ('select = ["SEQ113"]', (), 0, True),
    ('select = ["SEQ113"]', ("--select", "SEQ112"), 0, False),
    ("", ("--ignore", "SEQ112,SEQ113"), 0, False),
]


@pytest.mark.parametrize(("table", "options", "code", "shown"), CODES)
def test_warnings(
    tmp_path: Path, table: str, options: tuple[str, ...], code: int, shown: bool
) -> None:
    result = run("check", str(project(tmp_path, table)), *options)
    assert result.exit_code == code
    assert ("SEQ113" in result.output) == shown


def test_an_error_cannot_be_ignored_by_the_command_line(tmp_path: Path) -> None:
    result = run("check", str(project(tmp_path, "")), "--ignore", "SEQ202")
    assert result.exit_code == 2 and "SEQ202 is an error" in result.output


@pytest.mark.parametrize("pattern", ["drafts", "drafts/", "dra*", "pictures/drafts", "*/b.seq"])
def test_what_a_folder_leaves_out(tmp_path: Path, pattern: str) -> None:
    file = project(tmp_path, f'exclude = ["{pattern}"]', GOOD)
    draft = file.parent / "drafts" / "b.seq"
    draft.parent.mkdir()
    draft.write_text("?")
    assert run("check", str(tmp_path)).exit_code == 0
    # A file that is named is meant.
    assert run("check", str(draft)).exit_code == 1


def test_hidden_folders_and_links_are_passed_over(tmp_path: Path) -> None:
    project(tmp_path, "", GOOD)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "b.seq").write_text("?")
    (tmp_path / "circle").symlink_to(tmp_path)
    result = run("check", str(tmp_path))
    assert result.exit_code == 0 and "1 model," in result.output


def test_what_a_folder_stands_for(tmp_path: Path) -> None:
    project(tmp_path, 'include = ["*.md"]', "?")
    assert run("check", str(tmp_path)).exit_code == 2
    (tmp_path / "README.md").write_text(f"```seq\n{GOOD}```\n")
    result = run("check", "-v", str(tmp_path))
    assert result.exit_code == 0 and "README-1" in result.output
