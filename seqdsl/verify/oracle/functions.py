"""words → functions: the activations, of real and of complex numbers.

A derivative is exact to the last digit where numbers carry an imaginary part of 1e-30 (the complex-step
method, Squire and Trapp 1998), so every function here goes by the real part where it has to choose.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[Any]

_SELU = 1.0507009873554805, 1.6732632423543772


def relu(x: Array) -> Array:
    """The positive part."""
    return np.where(x.real > 0, x, 0)


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    # Of -|x|: what overflows is no number in the complex plane.
    small = np.exp(np.where(x.real > 0, -x, x))
    return np.where(x.real > 0, 1 / (1 + small), small / (1 + small))


def log_softmax(x: Array) -> Array:
    """The logarithm of `softmax`."""
    # The shift cancels, and keeps exp from overflowing; it is real, so it has no part in a derivative.
    shifted = x - x.real.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def softmax(x: Array) -> Array:
    """Positive, and 1 in all."""
    powers = np.exp(x - x.real.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def erf(x: Array) -> Array:
    """The error function; of an imaginary part, its first order."""
    # erf(x + ih) = erf(x) + ih · 2/√π · exp(-x²), up to h²; numpy has no erf, and math.erf takes no complex number.
    real = np.vectorize(math.erf, otypes=[float])(x.real)
    if not np.iscomplexobj(x):
        return real
    return real + 2j / math.sqrt(math.pi) * np.exp(-(x.real**2)) * x.imag


def gelu(x: Array) -> Array:
    """Hendrycks and Gimpel 2016, not approximated."""
    return x * (1 + erf(x / math.sqrt(2))) / 2


def elu(x: Array) -> Array:
    """Clevert et al. 2015."""
    # Both branches of a `where` are computed: what is not chosen must not overflow either.
    return np.where(x.real > 0, x, np.exp(np.where(x.real > 0, 0, x)) - 1)


def selu(x: Array) -> Array:
    """Klambauer et al. 2017."""
    scale, alpha = _SELU
    return scale * np.where(x.real > 0, x, alpha * elu(x))


def softplus(x: Array) -> Array:
    """A smooth `relu`."""
    # log(1 + exp(x)) = log(1 + exp(-|x|)) + max(x, 0): nothing overflows.
    return np.log(1 + np.exp(-np.where(x.real > 0, x, -x))) + relu(x)


def swish(x: Array) -> Array:
    """Ramachandran et al. 2017, also called SiLU."""
    return x * sigmoid(x)


def hard_sigmoid(x: Array) -> Array:
    """A straight line for `sigmoid`, from 0 to 1."""
    # relu6(x + 3) / 6, as Keras 3 and PyTorch have it; Keras 2 had 0.2 x + 0.5.
    return np.where(np.abs(x.real) < 3, x / 6 + 0.5, np.where(x.real > 0, 1, 0))


def gelu_tanh(x: Array) -> Array:
    """`gelu`, approximated by a hyperbolic tangent."""
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def leaky_relu(slope: float) -> Callable[[Array], Array]:
    """Maas et al. 2013 have 0.01, as PyTorch; Keras has 0.2 as a function, and 0.3 as a layer."""
    return lambda x: np.where(x.real > 0, x, slope * x)


def relu6(x: Array) -> Array:
    """The positive part, of at most 6."""
    return np.where(x.real < 6, relu(x), 6)


def mish(x: Array) -> Array:
    """Misra 2019."""
    return x * np.tanh(softplus(x))


def softsign(x: Array) -> Array:
    """Between -1 and 1, with a tail longer than that of `tanh`."""
    return x / (1 + np.where(x.real > 0, x, -x))


def linear(x: Array) -> Array:
    """Nothing done."""
    return x


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "linear": linear,
    "relu": relu,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "gelu": gelu,
    "elu": elu,
    "selu": selu,
    "softplus": softplus,
    "swish": swish,
    "hard_sigmoid": hard_sigmoid,
    "leaky_relu": leaky_relu(0.01),
    "relu6": relu6,
    "mish": mish,
    "softsign": softsign,
    # No words of the language, but what models of others have.
    "gelu_tanh": gelu_tanh,
    "leaky_relu(0.2)": leaky_relu(0.2),
    "leaky_relu(0.3)": leaky_relu(0.3),
}
