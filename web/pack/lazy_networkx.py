"""networkx → the same packages, which import each part where it is used.

``import networkx`` imports 285 modules, a second of processor time in a browser, of which a compiler of pictures uses
thirty. A package of networkx does nothing but import names from its modules: which name is from which module is read
from the installed one, and the lazy package imports that module when the name is asked for (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import networkx

# Of these, the modules are few, and needed at once.
EAGER = ("networkx.utils", "networkx.classes")

_LAZY = '''\
"""{name}, of which each part is imported where it is used."""

from importlib import import_module

__version__ = {version!r}
_MODULES = {modules!r}
_HOMES = {homes!r}


def __getattr__(name):
    if name in _MODULES:
        value = import_module(_MODULES[name])
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    # A module may have the name of its function: what the package means is kept, whatever was imported last.
    globals()[name] = value
    return value
'''

# What `networkx/__init__.py` does beside importing.
_CONFIGURED = """

from networkx import utils

config = utils.backends._set_configs_from_environment()
utils.config = utils.configs.config = config
"""


class LazyNetworkx:
    """The packages of networkx that are lazy, and where their names are from."""

    def __init__(self) -> None:
        """Those of the networkx that is installed."""
        found = walk_packages(networkx.__path__, "networkx.")
        self.packages = {"networkx", *(item.name for item in found if item.ispkg)}

    def homes(self, chain: tuple[str, ...]) -> set[str]:
        """The modules that ``nx.a.b`` is from: those it leads through, and the one that defines what it ends in.

        >>> sorted(LazyNetworkx().homes(("bipartite", "sets")))
        ['networkx.algorithms.bipartite', 'networkx.algorithms.bipartite.basic']
        """
        found: set[str] = set()
        value: object = networkx
        for name in chain:
            value = getattr(value, name, None)
            if isinstance(value, ModuleType):
                found.add(value.__name__)
            else:
                return found | ({home} if (home := _home(value)) else set())
        return found

    def source(self, name: str, kept: set[str]) -> str | None:
        """The lazy package of a name, which has what is from the modules that are ``kept``; ``None`` if it is eager."""
        if name not in self.packages or name.startswith(EAGER):
            return None
        package = import_module(name)
        modules: dict[str, str] = {}
        homes: dict[str, str] = {}
        for attribute, value in sorted(vars(package).items()):
            if attribute.startswith("__"):
                continue
            if isinstance(value, ModuleType):
                if value.__name__ in kept:
                    modules[attribute] = value.__name__
            elif (home := _home(value)) in kept - {name}:
                homes[attribute] = home
        homes.pop("config", None)
        text = _LAZY.format(name=name, version=networkx.__version__, modules=modules, homes=homes)
        return text + _CONFIGURED if name == "networkx" else text


def _home(value: object) -> str:
    """The module of networkx that defines a thing; empty if none does."""
    home = getattr(value, "__module__", None)
    return home if isinstance(home, str) and home.startswith("networkx.") else ""
