r"""seqdsl: the picture is the program.

A ``.seq`` text *is* the O-grid; `compile` infers what it means, and the compiled `Model`
writes the Keras and the PyTorch source for it.

    >>> import seqdsl
    >>> model = seqdsl.compile("O O O\n| | |\nO O O")
    >>> model.topology, model.n
    ('many-to-many aligned', (3,))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from seqdsl.api import Model as Model
    from seqdsl.api import compile as compile
    from seqdsl.api import compile_all as compile_all
    from seqdsl.existing import Port as Port
    from seqdsl.existing import port as port
    from seqdsl.existing import read as read
    from seqdsl.porting.origin import ReadError as ReadError
    from seqdsl.text.diagnostics import Diagnostic as Diagnostic
    from seqdsl.text.diagnostics import SeqError as SeqError

_HOMES = {
    "Diagnostic": "seqdsl.text.diagnostics",
    "Model": "seqdsl.api",
    "Port": "seqdsl.existing",
    "ReadError": "seqdsl.porting.origin",
    "SeqError": "seqdsl.text.diagnostics",
    "compile": "seqdsl.api",
    "compile_all": "seqdsl.api",
    "port": "seqdsl.existing",
    "read": "seqdsl.existing",
    # What `%load_ext seqdsl` looks for.
    "load_ipython_extension": "seqdsl.integrations.notebook",
}

__all__ = [
    "Diagnostic",
    "Model",
    "Port",
    "ReadError",
    "SeqError",
    "__version__",
    "compile",
    "compile_all",
    "port",
    "read",
]


# networkx and lark take a tenth of a second to import: `seqdsl --help` must not wait for them.
def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
