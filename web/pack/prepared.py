"""the core, run once when the page is built → what Python compiled from text meanwhile (`web/python/start.py`).

Runs in Pyodide: code is that of its version of Python. Nothing is lost where something was not run: it is compiled
in the page, as it would be without.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import marshal
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# What the page asks for most: a picture in all its views, what is wrong with one, and every dialog.
_PICTURE = "          O   dense(3)\n          |\nO O O O O O   lstm(16)\n| | | | | |\nO O O O O O   input(8)\n"
_WRONG = "Y Y Y   dense(2)\n| |  |\nX X X   input(3)\n"
_GIVEN: dict[str, Any] = {"name": "picture", "model": None, "theme": "light", "views": []}
_VIEWS = ["drawing", "keras", "torch", "numpy", "explanation"]
_ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("compile", {"text": _PICTURE, "views": _VIEWS, "is_quick": True}),
    ("compile", {"text": _WRONG, "is_quick": True}),
    ("compile", {"text": _WRONG}),
    ("format", {"text": _PICTURE}),
    ("hover", {"text": _PICTURE, "line": 3, "column": 1}),
    ("complete", {"text": _PICTURE, "line": 3, "column": 16}),
    ("check", {"text": _PICTURE, "data": ["10, 6, 8"], "targets": ["10, 3"]}),
    ("fit", {"inputs": ["20, 4"], "outputs": ["5, 1"], "units": None}),
    ("code", {"code": "SEQ202"}),
    ("error", {"message": "expected ndim=3, found ndim=2", "data": [], "targets": []}),
)


class Record:
    """What was compiled: the code of texts, and that of regular expressions."""

    def __init__(self) -> None:
        """Record from now on."""
        self.texts: dict[str, bytes] = {}
        self.patterns: dict[tuple[str | bytes, int], bytes] = {}
        vars(dataclasses)["exec"] = self._run
        vars(collections)["eval"] = self._value
        # What was compiled before is compiled again.
        re.purge()
        compiler: Any = re._compiler  # type: ignore[attr-defined]
        self._compile, self._sre = compiler.compile, compiler._sre
        own = {name: getattr(self._sre, name) for name in dir(self._sre) if name != "compile"}
        compiler._sre = SimpleNamespace(**own, compile=self._made)
        compiler.compile = self._pattern
        self._given: tuple[Any, ...] = ()

    def _run(self, text: str, names: dict[str, Any], local: dict[str, Any]) -> None:
        exec(self._code(text, "exec"), names, local)

    def _value(self, text: str, names: dict[str, Any]) -> Any:
        return eval(self._code(text, "eval"), names)

    def _code(self, text: str, mode: str) -> Any:
        code = compile(text, "<string>", mode, dont_inherit=True)
        self.texts[text] = marshal.dumps(code)
        return code

    def _made(self, *given: Any) -> Any:
        self._given = given
        return self._sre.compile(*given)

    def _pattern(self, pattern: Any, flags: int = 0) -> Any:
        made = self._compile(pattern, flags)
        if isinstance(pattern, str | bytes):
            _, all_flags, code, *groups = self._given
            # Some of them are numbers with names, which are no numbers to `marshal`.
            numbers = [int(item) for item in code]
            self.patterns[pattern, int(flags)] = marshal.dumps((int(all_flags), numbers, *groups))
        return made


def prepared() -> dict[str, Any]:
    """All that the core compiles from text, and the files that it keeps."""
    record = Record()
    # Imported now: what its modules compile is to be recorded.
    import playground

    for task, given in _ASKED:
        answer = json.loads(playground.answer(task, json.dumps(_GIVEN | given)))
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
    playground.start_fixes(json.dumps({"text": _WRONG, "name": "picture"}))
    playground.step_fixes(5.0, True)
    return {"texts": record.texts, "patterns": record.patterns, "files": _tables()}


def _tables() -> dict[str, bytes]:
    """What Lark made of the grammars, where it looks for it."""
    from seqdsl.syntax.parser_cache import tables_file

    file = tables_file()
    if file is None or not Path(file).is_file():
        raise RuntimeError("Lark kept no tables")
    return {file: Path(file).read_bytes()}
