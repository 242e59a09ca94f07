"""The extension for VS Code: what its files say of each other and of the server. `make vscode` tests its grammar."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from seqdsl.api import analyze
from seqdsl.editing.lenses import lenses
from seqdsl.editing.snapshot import snapshot

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "editors" / "vscode"
CODE = "".join(path.read_text("utf-8") for path in sorted((FOLDER / "src").glob("*.js")))


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


SNIPPETS = read("snippets/seq.json")
# Parts of a file, with a picture that they belong to.
PARTS = {"cell": "\nH H   mgu(3)\n| |\nX X   input(2)\n", "model": "O O\n| |\nO O\n"}


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_is_a_picture(name: str) -> None:
    text = "\n".join(SNIPPETS[name]["body"])
    values = dict(re.findall(r"\$\{(\d+):([^}]*)\}", text))
    text = re.sub(r"\$\{?(\d+)(?::[^}]*\})?", lambda found: values.get(found[1], ""), text)
    found = analyze(text + PARTS.get(SNIPPETS[name]["prefix"], ""), "snippet.seq")
    assert [str(item) for item in found.diagnostics] == []
    assert len(found.models) == 1


def test_all_files_that_the_extension_names_are_there() -> None:
    package = read("package.json")
    contributed = package["contributes"]
    paths = [item["path"] for kind in ("grammars", "snippets") for item in contributed[kind]]
    paths += [item["configuration"] for item in contributed["languages"]]
    assert len(paths) == 4
    packed = (FOLDER / ".vscodeignore").read_text("utf-8")
    for path in paths:
        json.loads((FOLDER / path).read_text("utf-8"))
        assert f"!{path.removeprefix('./').partition('/')[0]}" in packed


def test_every_command_is_run_by_somebody() -> None:
    registered = set(re.findall(r'^ +"(seqdsl\.\w+)": ', CODE, re.MULTILINE))
    offered = {
        f"seqdsl.{item.command}" for item in lenses(snapshot("O\n|\nO\n\nmodel b\n\nO\n |\nO\n"))
    }
    contributed = {item["command"] for item in read("package.json")["contributes"]["commands"]}
    assert offered | contributed == registered
    server = (ROOT / "seqdsl" / "lsp" / "server.py").read_text("utf-8")
    asked = set(re.findall(r'"(seqdsl\.server\.\w+)"', CODE))
    assert asked and asked == set(re.findall(r'"(seqdsl\.server\.\w+)"', server))


def test_versions_are_pinned() -> None:
    package, lock = read("package.json"), read("package-lock.json")
    for name, version in package["devDependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
