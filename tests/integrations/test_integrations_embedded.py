"""Pictures in Markdown and in docstrings: which are found, their names, and their real places."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl import pipeline
from seqdsl.api import Analysis
from seqdsl.cli.main import cli
from seqdsl.integrations import embedded
from seqdsl.integrations.embedded import MOST_BLANK, analyze_blocks
from seqdsl.text.diagnostics import excerpt

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def blocks(text: str, name: str = "README.md") -> Analysis:
    return analyze_blocks(text.encode(), name)


def indented(text: str, prefix: str) -> str:
    return "".join(prefix + line for line in text.splitlines(True))


def places(analysis: Analysis) -> list[tuple[str, str]]:
    """The code of each finding, and what its span covers in the file."""
    lines = analysis.source.lines
    return [
        (item.code, lines[item.span.line - 1][item.span.column - 1 : item.span.end - 1])
        for item in analysis.diagnostics
    ]


MARKDOWN = {
    "fence": f"# Title\n\n```seq\n{BAD}```\n",
    "tildes": f"~~~~ seq\n{BAD}~~~~\n",
    "more words": f'``` seq title="x"\n{BAD}```\n',
    "indented": f"  ```seq\n{indented(BAD, '  ')}  ```\n",
    "list": f"1. one\n   - two\n\n     ```seq\n{indented(BAD, ' ' * 5)}     ```\n",
    "quote": f"> ```seq\n{indented(BAD, '> ')}> ```\n",
    "never closed": f"text\n```seq\n{BAD}",
    "CRLF": f"# Title\r\n\r\n```seq\r\n{BAD}```\r\n".replace("\r\n", "\n").replace("\n", "\r\n"),
    "lone CR": f"some\rtext\n\n```seq\n{BAD}```\n",
    "behind a good one": f"```seq\n{GOOD}```\n\ntext\n\n```seq\n{BAD}```\n",
    "BOM": f"\ufeff```seq\n{BAD}```\n",
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_a_finding_in_markdown_is_where_it_is(name: str) -> None:
    analysis = blocks(MARKDOWN[name])
    (finding,) = analysis.diagnostics
    row = analysis.source.lines[finding.span.line - 1]
    assert row.lstrip("> ").startswith("|  |")
    assert finding.span.column == row.rindex("|") + 1
    # The hint speaks of a column of the file, too.
    assert f"column {finding.span.column} of the row below;" in finding.hint


NOT_BLOCKS = {
    "another language": f"```text\n{BAD}```\n",
    "no language": f"```\n{BAD}```\n",
    "indented code": f"text\n\n    ```seq\n{indented(BAD, '    ')}    ```\n",
    "inside another fence": f"````text\n```seq\n{BAD}```\n````\n",
    "comment": f"<!--\n```seq\n{BAD}```\n-->\n",
    "ignored": f"```seq ignore\n{BAD}```\n",
    "ignored with a comma": f"```seq,ignore\n{BAD}```\n",
    "longer word": f"```sequence\n{BAD}```\n",
}


@pytest.mark.parametrize("name", NOT_BLOCKS)
def test_not_a_block_of_markdown(name: str) -> None:
    analysis = blocks(NOT_BLOCKS[name])
    assert not analysis.models and not analysis.diagnostics


def test_names_and_lines_of_models() -> None:
    text = f"```seq\n{GOOD}```\n```seq ignore\n?\n```\n```seq\nmodel mine\n{GOOD}```\n```seq\n{GOOD}```\n"
    models = blocks(text, "docs/READ ME.md").models
    # An ignored block counts, so that to ignore one does not rename the others.
    assert [model.name for model in models] == ["READ-ME-1", "mine", "READ-ME-4"]
    for model in models:
        first, last = model.lines
        assert text.split("\n")[first - 1 : last] == GOOD.split("\n")[:-1]


def test_a_long_stem_keeps_its_number() -> None:
    names = [item.name for item in blocks(f"```seq\n{GOOD}```\n" * 2, f"{'a' * 60}.md").models]
    assert len(set(names)) == 2 and all(len(name) <= 40 for name in names)


def test_positions_within_messages_are_of_the_file() -> None:
    unclear = "Y Y ... Y   dense(2)\n| |\nX X ... X   input(8)\n"
    plain = blocks(f"```seq\n{unclear}```\n")
    moved = blocks("\n" * 30 + f"```seq\n{unclear}```\n")
    assert plain.diagnostics
    captions = [caption for item in plain.diagnostics for _, caption in item.related]
    assert any(" at 4:" in caption for caption in captions)
    assert [caption for item in moved.diagnostics for _, caption in item.related] == [
        caption.replace(" at 4:", " at 34:") for caption in captions
    ]


def test_many_blocks_far_down_are_not_read_behind_more_and_more_blank_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count, read = 60, []

    def analyze(text: str, *names: str) -> Analysis:
        read.append(text.count("\n"))
        return pipeline.analyze(text, *names)

    monkeypatch.setattr(embedded, "analyze", analyze)
    far = "\n" * (2 * MOST_BLANK // count)
    analysis = blocks(f"{far}```seq\n{BAD}```\n" * count)
    assert len(analysis.diagnostics) == count
    assert sum(read) < MOST_BLANK + 10 * count
    assert set(places(analysis)) == {("SEQ202", "|")}


DOCSTRINGS = {
    "module": f'"""Text.\n\n```seq\n{BAD}```\n"""\n',
    "class": f'class A:\n    """Text.\n\n    ```seq\n{indented(BAD, "    ")}    ```\n    """\n',
    "function": f'def f():\n    """Text.\n\n    ```seq\n{indented(BAD, "    ")}    ```\n    """\n',
    "coroutine": f'async def f():\n    """\n    ~~~seq\n{indented(BAD, "    ")}    ~~~\n    """\n',
    "directive": f'"""Text.\n\n.. seq::\n\n{indented(BAD, "   ")}\nMore text.\n"""\n',
    "directive with options": f'"""\n.. seq::\n   :caption: x\n\n{indented(BAD, "   ")}"""\n',
    "raw": f'r"""Text \\d.\n\n```seq\n{BAD}```\n"""\n',
    "single quotes": f"'''Text.\n\n```seq\n{BAD}```\n'''\n",
    "first row": f'"""```seq\n{BAD}```"""\n',
    "CRLF": f'"""Text.\n\n```seq\n{BAD}```\n"""\n'.replace("\n", "\r\n"),
    "behind a name of two bytes": f'class Ä: """\n```seq\n{BAD}```"""\n',
    "behind letters of two bytes": f'class A: """é\n```seq\n{BAD}```"""; x = "é"\n',
    "neighbours": f'"é" """\n```seq\n{BAD}```"""\n',
    "continued line": f'"""Te\\\nxt.\n```seq\n{BAD}```\n"""\n',
    "Latin-1": f'# coding: latin-1\n"""Text.\n\n```seq\n{BAD}```\n"""\n',
}


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_a_finding_in_a_docstring_is_where_it_is(name: str) -> None:
    analysis = blocks(DOCSTRINGS[name], "module.py")
    (finding,) = analysis.diagnostics
    row = analysis.source.lines[finding.span.line - 1]
    assert row.lstrip() == "|  |"
    assert finding.span.column == len(row)


ESCAPES = {
    "backslash": ('"""\n```seq\nY Y\n \\\\  |\n  X X\n```\n"""\n', 6),
    "one line": ('"```seq\\nY Y\\n|  |\\nX X\\n```"\n', 18),
    "codes": ('"""\n```seq\nY Y\n\\x7c \\N{SPACE}\\u007c\nX X\n```\n"""\n', 15),
    "unknown": ('"""\n```seq\nY\n|  \\|  # \n X\n```\n"""\n', 4),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_a_finding_behind_an_escape_is_where_it_is(name: str) -> None:
    text, column = ESCAPES[name]
    analysis = blocks(text, "module.py")
    assert analysis.diagnostics
    assert column in {item.span.column for item in analysis.diagnostics}
    assert all(item.span.line <= len(analysis.source.lines) for item in analysis.diagnostics)


NO_DOCSTRINGS = {
    "another string": f'x = """\n```seq\n{BAD}```\n"""\n',
    "comment": f"# ```seq\n{indented(BAD, '# ')}# ```\n",
    "ignored fence": f'"""\n```seq ignore\n{BAD}```\n"""\n',
    "ignored directive": f'"""\n.. seq::\n   :ignore:\n\n{indented(BAD, "   ")}"""\n',
    "directive with a file": '"""\n.. seq:: model.seq\n\nText.\n"""\n',
    "another fence": f'"""\n````text\n```seq\n{BAD}```\n````\n"""\n',
}


@pytest.mark.parametrize("name", NO_DOCSTRINGS)
def test_not_a_block_of_python(name: str) -> None:
    analysis = blocks(NO_DOCSTRINGS[name], "module.py")
    assert not analysis.models and not analysis.diagnostics


def test_docstrings_are_numbered_in_the_order_of_the_text() -> None:
    part = f'"""\n    ```seq\n{indented(GOOD, "    ")}    ```\n    """\n'
    text = f"class A:\n    {part}\n    def f(self):\n        {part}\ndef g():\n    {part}"
    models = blocks(text, "module.py").models
    assert [model.name for model in models] == ["module-1", "module-2", "module-3"]
    assert sorted(model.lines for model in models) == [model.lines for model in models]


@pytest.mark.parametrize(
    "data", [b"def (:  # seq", b"\x00 seq", b"# coding: none\n'seq'", b"\xff seq"]
)
def test_what_is_no_python_cannot_be_checked(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "module.py"
    file.write_bytes(data)
    result = run("check", str(file))
    assert result.exit_code == 2
    assert "cannot be read as Python" in result.output


def test_check_shows_rows_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"# Title\n\n- a\n\n  ```seq\n{indented(BAD, '  ')}  ```\n")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert f"{file}:7:6: error[SEQ202]" in result.output
    assert (
        "  6 |   Y Y   dense(2)\n  7 |   |  |\n    |      ^\n  8 |   X X   input(8)\n"
        in result.output
    )


def test_a_folder_stands_for_pictures_alone(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    (tmp_path / "README.md").write_text(f"```seq\n{BAD}```\n")
    assert run("check", str(tmp_path)).exit_code == 0
    assert run("check", str(tmp_path / "README.md")).exit_code == 1


def test_a_file_without_blocks_is_named(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("# Title\n")
    result = run("check", str(file))
    assert result.exit_code == 0 and f"{file}: no seq blocks" in result.output
    # To verify nothing proves nothing.
    result = run("verify", str(file), "--to", "torch")
    assert result.exit_code == 2 and "nothing to verify" in result.output


def test_generate_from_markdown(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"```seq\n{GOOD}```\n\n```seq\n{GOOD}```\n")
    assert run("generate", str(file), "--to", "torch", "-o", str(tmp_path / "out")).exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["README_1.py", "README_2.py"]


def test_two_models_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"```seq\nmodel a\n{GOOD}```\n\n```seq\nmodel a\n{GOOD}```\n")
    result = run("generate", str(file), "--to", "torch", "-o", str(tmp_path / "out"))
    assert result.exit_code == 2 and "two models" in result.output


PARTS = [
    *("```seq\n", "```\n", '"""', "'", "\\", "O O\n", "| |\n", ".. seq::\n", "   ", "> ", "- "),
    *("def f():", "\n", "\\x7c", "\\N{SPACE}", "seq", "~~~", "r", ";", "\ufeff", "\x00", "\x0c"),
    *("\r", "\t", "é"),
]
FRAMES = [("a.md", "", ""), ("a.py", "", ""), ("a.py", '"""\n```seq\n', '```\n"""\n')]


@given(st.lists(st.sampled_from(PARTS), max_size=30), st.sampled_from(FRAMES))
@settings(max_examples=300, deadline=None)
def test_any_text_ends_well(parts: list[str], frame: tuple[str, str, str]) -> None:
    name, before, behind = frame
    try:
        analysis = blocks(before + "".join(parts) + behind, name)
    except SyntaxError:
        assert name == "a.py"
        return
    for item in analysis.diagnostics:
        assert 1 <= item.span.line <= len(analysis.source.lines) + 1
        assert excerpt(item, analysis.source)
