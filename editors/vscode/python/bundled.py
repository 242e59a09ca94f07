"""the language server, as the extension carries it: `connect` is what JavaScript calls, in Pyodide."""

from __future__ import annotations

from jinja2 import ModuleLoader

from seqdsl.lsp.hosted import connect
from seqdsl.targets.emit.render import environment

__all__ = ["connect"]

# What `web/pack/collect.py` made of the templates, beside this file in the archive.
environment().loader = ModuleLoader(f"{__file__.rpartition('/')[0]}/packed_templates")
