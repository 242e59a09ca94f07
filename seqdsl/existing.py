"""live model → picture, or the same model for another framework: the part of the facade that runs models.

As `seqdsl.api`, nothing in seqdsl but `seqdsl` itself imports it.
"""

from __future__ import annotations

import warnings
from dataclasses import field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from seqdsl.api import Model
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seqdsl.porting.importing import Imported
    from seqdsl.runtime.named_weights import LayerWeights


def read(model: Any, inputs: Any = None) -> Model:
    r"""The picture of a live model, compiled, as `seqdsl import` reads it.

    The picture is checked against a copy of the model, with the model's own weights and with random ones. What differs
    and does not matter to most, such as values on padded steps, is a warning.

    Args:
        model: a Keras model, or a PyTorch module; it stays as it is.
        inputs: a tensor, or a tuple of tensors, that a module can be called with; their shapes are those of the
            picture. Or the shapes, as for ``--input``: ``"*,8"``, or a list of such texts. Keras models declare theirs.

    Raises:
        seqdsl.ReadError: a layer cannot be read, or the picture does not compute what the model computes. All such
            layers are in the message.

    >>> import seqdsl
    >>> picture = seqdsl.read(model)  # doctest: +SKIP
    >>> picture.topology  # doctest: +SKIP
    'many-to-one'
    """
    from seqdsl.porting.live import import_live
    from seqdsl.porting.sentences import differing

    imported = import_live(model, inputs)
    for line in differing(imported.outcome):
        warnings.warn(line, stacklevel=2)
    return _model(imported)


def _model(imported: Imported) -> Model:
    found = imported.model
    return Model(found.spec, found.drawing, found.file, found.lines)


@record(frozen=True)
class Port:
    """A model, written for another framework by `seqdsl.port`.

    Attributes:
        model: its picture.
        target: the framework.
        source: the Python source.
        weights: the model's weights by layer and name, in Keras's layouts: ``lstm/kernel`` is (features, units).
        report: what was compared, and which weights are not the same to the last bit.

    >>> import seqdsl
    >>> ported = seqdsl.port(model, "torch")  # doctest: +SKIP
    >>> ported.weights["lstm/kernel"].shape  # doctest: +SKIP
    (8, 64)
    """

    model: Model
    target: str
    source: str
    weights: Mapping[str, NDArray[Any]]
    report: str
    _layers: Sequence[LayerWeights] = field(default=())

    def build(self) -> Any:
        """A live model of the framework, with the weights.

        >>> seqdsl.port(model, "torch").build()(x)  # doctest: +SKIP
        """
        from seqdsl.targets import runtime
        from seqdsl.verify.build import load

        framework = runtime(self.target)
        built = framework.builder(load(self.source, self.model.name))()
        framework.write(built, self._layers, self.weights)
        return built

    def save(self, path: str | Path) -> None:
        """Write the weights to a file of the framework.

        Args:
            path: ``.keras`` or ``.weights.h5`` for Keras, ``.pt`` or ``.safetensors`` for PyTorch, ``.safetensors`` for
                numpy; it is replaced.

        Raises:
            seqdsl.ReadError: the framework has no such file.

        >>> seqdsl.port(model, "torch").save("model.safetensors")  # doctest: +SKIP
        """
        from seqdsl.porting.porting import suffix_for
        from seqdsl.targets import runtime

        suffix_for(Path(path), self.target)
        runtime(self.target).save_file(self.build(), Path(path))

    def __repr__(self) -> str:
        """A line about it: the source alone would fill pages."""
        return f"<seqdsl.Port {self.model.name}: {self.target}>"


def port(model: Any, target: str, inputs: Any = None) -> Port:
    r"""A live model, written for another framework, as `seqdsl port` writes it.

    Both models are compared before it returns: with the model's weights, and with random ones.

    Args:
        model: as for `read`.
        target: ``"keras"``, ``"torch"`` or ``"numpy"``.
        inputs: as for `read`.

    Raises:
        seqdsl.ReadError: a layer cannot be read, or what is written is not equal to the model.
        ValueError: there is no such target.

    >>> import seqdsl
    >>> ported = seqdsl.port(model, "torch")  # doctest: +SKIP
    >>> ported.save("model.safetensors")  # doctest: +SKIP
    """
    import numpy as np

    from seqdsl.porting.live import import_live
    from seqdsl.porting.port_sentences import report
    from seqdsl.porting.porting import settled
    from seqdsl.targets import find_alias
    from seqdsl.verify.spec_weights import layer_weights

    name = find_alias(target).name
    with TemporaryDirectory(prefix="seqdsl-") as folder:
        imported = import_live(model, inputs, Path(folder))
        ported = settled(imported, name, Path(folder), None)
        with np.load(Path(folder) / "weights.npz") as stored:
            weights = dict(stored)
    found = _model(imported)
    layers = layer_weights(found.spec)
    return Port(found, name, ported.source, weights, report(ported, type(model).__name__), layers)
