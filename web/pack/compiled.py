"""folders of Python source → archives of code, made by the very Python that is to run it: Pyodide calls this.

Compiling it where it runs takes two seconds of processor time at each start. The archives are the same for the same
sources: no times, no folders of this machine are in them.
"""

from __future__ import annotations

import ast
import gzip
import json
import marshal
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from io import BytesIO
from pathlib import Path

from prepared import prepared
from standard import ABSENT, UNUSED, needed

# Assertions of libraries are omitted as well; our own are checked there, too. Pyodide reads its own docstrings.
OURS = ("seqdsl", "bundled", "packed_templates", "playground", "start")
PYODIDE = ("_pyodide", "pyodide")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack_standard(library: str, known: str, target: str, stand_ins: str = "") -> str:
    """Write the part of Python's standard library that is needed.

    Args:
        library: Pyodide's archive of all of it, with its own packages.
        known: a file of what the collected modules import.
        target: the archive to write; with the ending ``.gz``, it is compressed as a whole.
        stand_ins: for a page, a folder of modules in place of those of the library: ``importlib_metadata.py``.
    """
    with zipfile.ZipFile(library) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".py")}
    for path in Path(stand_ins).glob("*.py") if stand_ins else ():
        # A package: what else is in it is imported by nobody any more.
        files[f"{path.stem.replace('_', '/')}/__init__.py"] = path.read_bytes()
    modules = {_module(name): (name, data) for name, data in files.items()}
    sources = {module: data.decode() for module, (_, data) in modules.items()}
    packages = [module for module, (name, _) in modules.items() if name.endswith("/__init__.py")]
    own = [module for module in modules if module.split(".")[0] in ("_pyodide", "pyodide")]
    roots = [*json.loads(Path(known).read_text())["standard"], *own]
    absent = (*ABSENT, *UNUSED) if stand_ins else ABSENT
    kept = sorted(needed(sources, packages, roots, absent))
    _write(target, {modules[module][0]: modules[module][1] for module in kept})
    return f"{len(kept)} of {len(modules)} modules of the standard library"


def pack_core(folder: str, target: str) -> str:
    """Write an archive of a folder that ``collect.py`` made."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    _write(target, files)
    return f"{len(files)} files of the core"


def pack_page(folder: str, target: str) -> str:
    """Write what ``web/python/start.py`` takes, and its own code, of a folder that ``collect.py`` made."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    code = {name: _code(name, data) for name, data in files.items() if name.endswith(".py")}
    modules = {f"{name}c": data for name, data in code.items()}
    sys.path.insert(0, folder)
    packed = prepared()
    packed["files"] |= {f"/core/{name}": data for name, data in files.items() if name not in code}
    packed |= {"start": modules.pop("start.pyc"), "modules": modules}
    Path(target).write_bytes(gzip.compress(marshal.dumps(packed), 9, mtime=0))
    made = f"{len(packed['texts'])} texts, {len(packed['patterns'])} patterns"
    return f"{len(modules)} modules of the core, {made}"


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _write(target: str, files: dict[str, bytes]) -> None:
    # Compressed as a whole, it is a fifth smaller than file by file, and its host unpacks it, not Python.
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            is_code = name.endswith(".py")
            packed = _HEADER + _code(name, content) if is_code else content
            archive.writestr(zipfile.ZipInfo(f"{name}c" if is_code else name, _EPOCH), packed)
    whole = data.getvalue()
    Path(target).write_bytes(gzip.compress(whole, 9, mtime=0) if target.endswith(".gz") else whole)


# A file of code that goes by the hash of its source and is never compared with it (PEP 552): there is no source.
_HEADER = MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)


def _code(name: str, data: bytes) -> bytes:
    package = name.partition("/")[0].removesuffix(".py")
    tree = ast.parse(data, name)
    if package in OURS:
        _drop_docstrings(tree)
    level = 0 if package in (*OURS, *PYODIDE) else 2
    return marshal.dumps(compile(tree, name, "exec", dont_inherit=True, optimize=level))


def _drop_docstrings(tree: ast.AST) -> None:
    """Take the docstrings out of a tree: they are not read there, and all would be loaded."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            # A class may hold nothing else. In a module, nothing may be before `from __future__`.
            rest = node.body[1:]
            if isinstance(node, ast.ClassDef) and node.decorator_list:
                # A data class without one writes its signature there, which takes longer than all else of it.
                rest = [ast.copy_location(ast.Expr(ast.Constant(".")), node.body[0]), *rest]
                ast.fix_missing_locations(rest[0])
            node.body = (
                rest if rest or isinstance(node, ast.Module) else [ast.Pass(lineno=1, col_offset=0)]
            )
