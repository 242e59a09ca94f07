"""notebook cells → models: ``%%seq``, after ``%load_ext seqdsl``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from seqdsl.api import analyze
from seqdsl.targets import TRAINED
from seqdsl.text.diagnostics import excerpts

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from seqdsl.api import Analysis, Model


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What ``%load_ext seqdsl`` runs."""
    shell.register_magics(SeqMagics)


@magics_class
class SeqMagics(Magics):
    """The cell magic."""

    @magic_arguments()
    @argument(
        "name", nargs="?", help="the variable that the model is bound to, and the model's name"
    )
    @argument("--build", choices=TRAINED, help="make a live model of this framework")
    @cell_magic
    def seq(self, line: str, cell: str) -> Any:
        """Compile the picture in the cell, show its drawing and give its model.

        The cell's value is the compiled model, or with ``--build`` a live one; of several pictures a tuple.
        """
        # %%seq                    the cell's value is the model, which the notebook draws by itself
        # %%seq m                  draws the model, and binds m to it
        # %%seq --build torch      draws it; the value is the live model
        # %%seq m --build torch    draws it, and binds m to the live model
        options = parse_argstring(self.seq, line)
        if options.name is not None and not options.name.isidentifier():
            raise UsageError(f"{options.name!r} is not a valid variable name")
        models = _compiled(analyze(cell, options.name or "model"))
        values = [_built(model, options.build) if options.build else model for model in models]
        value = values[0] if len(values) == 1 else tuple(values)
        if options.name is None and value is models[0]:
            return value
        for model in models:
            display(model)
        if options.name is None:
            return value
        assert self.shell is not None
        self.shell.user_ns[options.name] = value
        return None


def _compiled(analysis: Analysis) -> tuple[Model, ...]:
    """The models of a cell; its errors end it, its warnings are shown beside it."""
    found = analysis.diagnostics
    texts = excerpts(found, analysis.source, "`seqdsl.api.analyze(text).diagnostics` has all")
    if any(item.is_error for item in found) or not analysis.models:
        # It is shown as it is, without the traceback, and the cells after this one do not run.
        raise UsageError("\n\n".join(texts) or "there is no picture in this cell")
    for text in texts:
        print(text, file=sys.stderr)
    return analysis.models


def _built(model: Model, target: str) -> Any:
    try:
        return model.build(target)
    except ImportError as error:
        raise UsageError(f"{error}: pip install 'seqdsl[{target}]'") from error
