"""What users read is in plain words: no idioms, no British spelling, nothing called a proof that is none.

Read are the messages of all golden errors, the catalog of codes, the explanations, the help of every command, and all
pages of documentation.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.cli.main import cli
from seqdsl.text.codes import CODES

ROOT = Path(__file__).parents[2]

WORDS = {
    r"mend(s|ed|ing)?": "fix, correct",
    r"slips?": "mistake",
    r"(?<!there )(is|are) no(?! (longer|more))": "unknown, not a valid",
    r"foretold": "predicted",
    r"promis(e|es|ed|ing)": "check, specify",
    r"(dis)?prov(e|es|ed|en|ing)": "check, verify numerically",
    r"proofs?": "numerical check",
    r"givers?|takers?": "source, destination",
    r"hand(s|ed|ing)? (on|over)": "pass",
    r"sees": "reads, takes as input, depends on",
    r"stands?(?! for\b)": "is, is drawn",
    r"told|foretells?": "reported",
    r"anybody|nobody": "say what happens",
    r"blanks": "spaces",
    r"(two|one)-way": "bidirectional, unidirectional",
    r"both ways": "in both directions",
    r"likeliest": "most likely",
    r"out of proportion": "too large",
    r"one upon the other": "stacked",
    r"left out": "by default",
    r"(neighbo|colo|behavio|favo)ur\w*": "American spelling",
    r"centres?|catalogues?|learnt": "American spelling",
    r"\w+(normali|initiali|optimi|recogni|generali|speciali|summari)s(e|es|ed|ing)": "American spelling",
    r"normalis(e|es|ed|ing)": "American spelling",
}
BANNED = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)

ALLOWED = (
    # It says that verification is not one.
    "not a formal proof",
    # Names of things in the code and of benchmarks, as they are written there.
    r"`[^`\n]*`",
    r"\]\([^)\n]*\)",
)


def found(text: str) -> list[str]:
    """The words in ``text`` that a user should not have to read, with what is around them."""
    # Pictures and code are not prose.
    text = re.sub(r"^ *(`{3,})(?!text|console).*?^ *\1", "", text, flags=re.MULTILINE | re.DOTALL)
    for allowed in ALLOWED:
        text = re.sub(allowed, "", text)
    return [
        f"{hit.group()!r} in {text[max(0, hit.start() - 30) : hit.end() + 30]!r}"
        for hit in BANNED.finditer(text)
    ]


CONTEXT = click.Context(cli, info_name="seqdsl")
COMMANDS = ["", *cli.list_commands(CONTEXT)]


PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
GOLDEN = sorted(
    [*(ROOT / "tests/errors/golden").iterdir(), *(ROOT / "tests/explain/golden").iterdir()]
)


MODULES = [
    module
    for module in sorted((ROOT / "seqdsl").rglob("*.py"))
    # Answers to the names of other libraries, which are compared with those libraries elsewhere. What the records of
    # layers say in explanations is in the golden files.
    if not str(module.relative_to(ROOT / "seqdsl")).startswith(
        ("layers/", "lowering/framework_names.py", "lowering/translation.py")
    )
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages(page: Path) -> None:
    assert found(page.read_text("utf-8")) == []


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_messages_and_explanations(file: Path) -> None:
    assert found(file.read_text("utf-8")) == []


@pytest.mark.parametrize("name", CODES)
def test_codes(name: str) -> None:
    assert found(f"{CODES[name].title}\n{CODES[name].why}") == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help(name: str) -> None:
    command = cli.get_command(CONTEXT, name) if name else cli
    assert command is not None
    with click.Context(command, info_name=name, parent=CONTEXT if name else None) as context:
        assert found(" ".join(command.get_help(context).split())) == []


def said(source: str) -> list[str]:
    """The texts of a module that may reach a user: its strings of several words, without docstrings."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    )
    return [text for text in strings if len(text.split()) > 1]


@pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: str(module.relative_to(ROOT / "seqdsl"))
)
def test_messages_in_the_source(module: Path) -> None:
    assert [hit for text in said(module.read_text("utf-8")) for hit in found(text)] == []


def test_catalog() -> None:
    assert [hit for entry in CATALOGUE for hit in found(entry.when)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Mend slips that can be mended",
        "`x` is no layer",
        "`verify` proves each promise",
        "it sees all 4 steps of `X`",
        "the letter `X` stands twice",
        "The state of `E` is handed on",
        "the colour of a neighbour",
        "the values are foretold",
        "both will do, if left out",
    ],
)
def test_an_idiom_is_found(text: str) -> None:
    assert found(text)


def test_plain_words_are_not_found() -> None:
    assert not found(
        "`...` stands for further steps; there is no longer a row, and it is no more than a number."
    )
    assert not found(
        "This is not a formal proof. For details see [the page](docs/told.md) and `sees`."
    )
