"""folders of Python source → archives of code, made by the very Python that is to run it: Pyodide calls this.

Compiling it where it runs takes two seconds of processor time at each start. The archives are the same for the same
sources: no times, no folders of this machine are in them.
"""

from __future__ import annotations

import ast
import gzip
import json
import marshal
import zipfile
from importlib.util import MAGIC_NUMBER
from io import BytesIO
from pathlib import Path

from standard import needed

# Of libraries, assertions are left out as well; ours are to hold there, too. Pyodide reads its own docstrings.
OURS = ("seqdsl", "bundled", "packed_templates", "playground")
PYODIDE = ("_pyodide", "pyodide")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack_standard(library: str, known: str, target: str) -> str:
    """Write the part of Python's standard library that is needed.

    Args:
        library: Pyodide's archive of all of it, with its own packages.
        known: a file of what the collected modules import.
        target: the archive to write; with the ending ``.gz``, it is compressed as a whole.
    """
    with zipfile.ZipFile(library) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".py")}
    modules = {_module(name): (name, data) for name, data in files.items()}
    sources = {module: data.decode() for module, (_, data) in modules.items()}
    packages = [module for module, (name, _) in modules.items() if name.endswith("/__init__.py")]
    own = [module for module in modules if module.split(".")[0] in ("_pyodide", "pyodide")]
    roots = [*json.loads(Path(known).read_text())["standard"], *own]
    kept = sorted(needed(sources, packages, roots))
    _write(target, {modules[module][0]: modules[module][1] for module in kept})
    return f"{len(kept)} of {len(modules)} modules of the standard library"


def pack_core(folder: str, target: str) -> str:
    """Write an archive of a folder that ``collect.py`` made."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    _write(target, files)
    return f"{len(files)} files of the core"


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _write(target: str, files: dict[str, bytes]) -> None:
    # Compressed as a whole, it is a fifth smaller than file by file, and its host unpacks it, not Python.
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            is_code = name.endswith(".py")
            packed = _compiled(name, content) if is_code else content
            archive.writestr(zipfile.ZipInfo(f"{name}c" if is_code else name, _EPOCH), packed)
    whole = data.getvalue()
    Path(target).write_bytes(gzip.compress(whole, 9, mtime=0) if target.endswith(".gz") else whole)


def _compiled(name: str, data: bytes) -> bytes:
    package = name.partition("/")[0].removesuffix(".py")
    tree = ast.parse(data, name)
    if package in OURS:
        _drop_docstrings(tree)
    level = 0 if package in (*OURS, *PYODIDE) else 2
    code = compile(tree, name, "exec", dont_inherit=True, optimize=level)
    # A file of code that goes by the hash of its source and is never compared with it (PEP 552): there is no source.
    unchecked = (1).to_bytes(4, "little")
    return MAGIC_NUMBER + unchecked + bytes(8) + marshal.dumps(code)


def _drop_docstrings(tree: ast.AST) -> None:
    """Take the docstrings out of a tree: nobody reads them there, and all would be loaded."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            # A class may hold nothing else. In a module, nothing may be before `from __future__`.
            rest = node.body[1:]
            node.body = (
                rest if rest or isinstance(node, ast.Module) else [ast.Pass(lineno=1, col_offset=0)]
            )
