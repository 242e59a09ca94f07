"""Keras models as tutorials, guides and bug reports have them, rewritten small: what an importer has to read."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers, ops

MODELS: dict[str, Callable[[], keras.Model]] = {}
REFUSED: dict[str, Callable[[], keras.Model]] = {}


def model(build: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """Note a model that is read."""
    MODELS[build.__name__] = build
    return build


def refused(build: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """Note a model that is not."""
    REFUSED[build.__name__] = build
    return build


def _sequential(*parts: layers.Layer) -> keras.Model:
    return keras.Sequential(list(parts), name="model")


@model
def sentiment() -> keras.Model:
    ids = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(30, 6, name="table")(ids)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="first")(x)
    x = layers.Bidirectional(layers.LSTM(3), name="second")(x)
    return keras.Model(ids, layers.Dense(1, activation="sigmoid", name="score")(x))


@model
def float_ids() -> keras.Model:
    return _sequential(
        keras.Input((5,), name="words"),
        layers.Embedding(30, 6, name="table"),
        layers.GlobalAveragePooling1D(name="mean"),
        layers.Dense(2, activation="softmax", name="score"),
    )


@model
def masked_tagger() -> keras.Model:
    return _sequential(
        keras.Input((5,), dtype="int32", name="words"),
        layers.Embedding(30, 6, mask_zero=True, name="table"),
        layers.GRU(4, return_sequences=True, name="run"),
        layers.TimeDistributed(layers.Dense(3, activation="softmax"), name="tags"),
    )


@model
def masked_series() -> keras.Model:
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.Masking(mask_value=-1.0),
        layers.LSTM(4, name="run"),
        layers.Dense(1, name="y"),
    )


@model
def forecast() -> keras.Model:
    x = keras.Input((6, 2), name="x")
    y = layers.LSTM(8, return_sequences=True, dropout=0.2, recurrent_dropout=0.1, name="run")(x)
    y = layers.Lambda(lambda value: value[:, -3:, :], name="last")(y)
    return keras.Model(x, layers.Dense(1, name="y")(y))


@model
def many_steps() -> keras.Model:
    return _sequential(
        keras.Input((6, 2), name="x"),
        layers.LSTM(4, name="run"),
        layers.Dense(3 * 2, name="all"),
        layers.Reshape((3, 2)),
    )


@model
def autoencoder() -> keras.Model:
    return _sequential(
        keras.Input((4, 2), name="x"),
        layers.LSTM(4, activation="relu", name="encoder"),
        layers.RepeatVector(4),
        layers.LSTM(4, activation="relu", return_sequences=True, name="decoder"),
        layers.TimeDistributed(layers.Dense(2), name="y"),
    )


@model
def translation() -> keras.Model:
    source, target = keras.Input((None, 5), name="source"), keras.Input((None, 6), name="target")
    _, h, c = layers.LSTM(4, return_state=True, name="encoder")(source)
    y, _, _ = layers.LSTM(4, return_sequences=True, return_state=True, name="decoder")(
        target, initial_state=[h, c]
    )
    return keras.Model([source, target], layers.Dense(6, activation="softmax", name="y")(y))


@model
def translation_both_ways() -> keras.Model:
    source, target = keras.Input((4, 5), name="source"), keras.Input((3, 6), name="target")
    encoder = layers.Bidirectional(layers.LSTM(4, return_state=True), name="encoder")
    _, fh, fc, bh, bc = encoder(source)
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]
    y = layers.LSTM(8, return_sequences=True, name="decoder")(target, initial_state=state)
    return keras.Model([source, target], layers.Dense(6, name="y")(y))


@model
def forward_state_alone() -> keras.Model:
    x = keras.Input((4, 5), name="x")
    encoder = layers.Bidirectional(layers.GRU(3, return_state=True), name="encoder")
    _, forward, _ = encoder(x)
    return keras.Model(x, layers.Dense(2, name="y")(forward))


@model
def attention_summary() -> keras.Model:
    query, value = keras.Input((None,), name="query"), keras.Input((None,), name="value")
    table = layers.Embedding(30, 6, name="table")
    window = layers.Conv1D(4, 3, padding="same", name="window")
    asked, given = window(table(query)), window(table(value))
    read = layers.Attention(name="read")([asked, given])
    both = [layers.GlobalAveragePooling1D()(asked), layers.GlobalAveragePooling1D()(read)]
    return keras.Model([query, value], layers.Concatenate()(both))


@model
def text_windows() -> keras.Model:
    return _sequential(
        keras.Input((None,), dtype="int64", name="words"),
        layers.Embedding(30, 6, name="table"),
        layers.Dropout(0.5),
        layers.Conv1D(4, 7, padding="valid", activation="relu", strides=3, name="first"),
        layers.Conv1D(4, 7, padding="valid", activation="relu", strides=3, name="second"),
        layers.GlobalMaxPooling1D(name="top"),
        layers.Dense(1, activation="sigmoid", name="y"),
    )


@model
def dilated() -> keras.Model:
    x = keras.Input((9, 2), name="x")
    y = layers.Conv1D(4, 2, padding="causal", dilation_rate=2, activation="relu", name="a")(x)
    y = layers.MaxPooling1D(2, name="half")(y)
    return keras.Model(x, layers.Flatten()(layers.Conv1D(2, 3, name="b")(y)))


class Block(layers.Layer):
    """An encoder block, as guides write it: a layer of their own, with others in it."""

    def __init__(self, width: int, heads: int, inner: int, **options: object) -> None:
        super().__init__(**options)
        self.att = layers.MultiHeadAttention(num_heads=heads, key_dim=width)
        self.ffn = keras.Sequential([layers.Dense(inner, activation="relu"), layers.Dense(width)])
        self.norm1 = layers.LayerNormalization(epsilon=1e-6)
        self.norm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout = layers.Dropout(0.1)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        first = self.norm1(inputs + self.dropout(self.att(inputs, inputs)))
        return self.norm2(first + self.ffn(first))


class Positions(layers.Layer):
    """Tokens and their places, each with a table."""

    def __init__(self, most: int, vocabulary: int, width: int, **options: object) -> None:
        super().__init__(**options)
        self.tokens = layers.Embedding(input_dim=vocabulary, output_dim=width)
        self.places = layers.Embedding(input_dim=most, output_dim=width)

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        places = self.places(ops.arange(start=0, stop=ops.shape(x)[-1], step=1))
        return self.tokens(x) + places


@model
def transformer() -> keras.Model:
    ids = keras.Input((5,), name="words")
    x = Positions(5, 30, 6, name="places")(ids)
    x = Block(6, 2, 8, name="block")(x)
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    return keras.Model(ids, layers.Dense(2, activation="softmax", name="y")(x))


class Recognizer(keras.Model):
    """A model of a class of somebody's own."""

    def __init__(self) -> None:
        super().__init__(name="recognizer")
        self.run = layers.GRU(4, return_sequences=True, name="run")
        self.score = layers.Dense(2, name="score")

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return self.score(self.run(x)[:, ::2])


@model
def subclassed() -> keras.Model:
    made = Recognizer()
    made(ops.zeros((1, 6, 3)))
    return made


@model
def nested() -> keras.Model:
    tower = keras.Sequential(
        [keras.Input((4, 3)), layers.LSTM(5, name="run"), layers.Dense(2, name="out")], name="tower"
    )
    left, right = keras.Input((4, 3), name="left"), keras.Input((4, 3), name="right")
    both = layers.Concatenate()([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="y")(both))


@model
def frames() -> keras.Model:
    look = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(2, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
        ],
        name="look",
    )
    return _sequential(
        keras.Input((4, 6, 6, 1), name="video"),
        layers.TimeDistributed(look),
        layers.LSTM(3, name="run"),
        layers.Dense(2, name="y"),
    )


@model
def two_heads() -> keras.Model:
    x = keras.Input((4, 3), name="x")
    y = layers.GRU(5, return_sequences=True, name="run")(x)
    last = layers.Dense(2, name="last")(y[:, -1])
    return keras.Model(x, [layers.Dense(1, name="each")(y), last])


# Models of bug reports against converters.


@model
def merged_by_sum() -> keras.Model:
    """coremltools 157: a bidirectional row between two that act at each step."""
    return _sequential(
        keras.Input((4, 3), name="x"),
        layers.TimeDistributed(layers.Dense(5, activation="relu"), name="before"),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode="sum", name="run"),
        layers.TimeDistributed(layers.Dense(2), name="after"),
    )


@model
def relu_both_ways() -> keras.Model:
    """tensorflow-onnx 2211: activations were lost."""
    cell = layers.LSTM(4, activation="relu", return_sequences=True)
    return _sequential(keras.Input((4, 3), name="x"), layers.Bidirectional(cell, name="run"))


@model
def backward_steps() -> keras.Model:
    """keras-onnx 523: steps came in reverse order."""
    return _sequential(
        keras.Input((4, 3), name="x"),
        layers.LSTM(2, go_backwards=True, return_sequences=True, name="run"),
        layers.Dense(1, name="y"),
    )


@model
def all_padding() -> keras.Model:
    """keras-onnx, change 386: a sample of padding alone."""
    return _sequential(
        keras.Input((3, 2), name="x"), layers.Masking(0.0), layers.LSTM(4, name="run")
    )


@model
def masked_ids() -> keras.Model:
    """tensorflow-onnx 1871: an embedding with a mask."""
    return _sequential(
        keras.Input((None,), dtype="int32", name="words"),
        layers.Embedding(20, 4, mask_zero=True, name="table"),
        layers.LSTM(3, name="run"),
        layers.Dense(1, activation="sigmoid", name="y"),
    )


@model
def states_in() -> keras.Model:
    """coremltools 698, keras-onnx 114: states as inputs and outputs."""
    x, h = keras.Input((4, 3), name="x"), keras.Input((5,), name="h")
    y, last = layers.SimpleRNN(5, return_sequences=True, return_state=True, name="run")(
        x, initial_state=h
    )
    return keras.Model([x, h], [y, last])


@model
def states_of_lstm() -> keras.Model:
    """coremltools 698: h and c."""
    x, h, c = (
        keras.Input((4, 3), name="x"),
        keras.Input((5,), name="h"),
        keras.Input((5,), name="c"),
    )
    y = layers.LSTM(5, return_sequences=True, name="run")(x, initial_state=[h, c])
    return keras.Model([x, h, c], y)


@model
def begun_both_ways() -> keras.Model:
    """onnx-tensorflow 409: a bidirectional row that begins with states."""
    x = keras.Input((4, 3), name="x")
    states = [keras.Input((2,), name=name) for name in ("fh", "fc", "bh", "bc")]
    run = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="run")
    return keras.Model([x, *states], run(x, initial_state=states))


def _computing(function: Callable[[keras.KerasTensor], keras.KerasTensor]) -> keras.Model:
    return _sequential(
        keras.Input((6, 3), name="x"),
        layers.Lambda(function, name="function"),
        layers.LSTM(2, name="run"),
    )


# Functions that look as if they moved values, with labels that are rising, whole or positive.
COMPUTING: dict[str, Callable[[keras.KerasTensor], keras.KerasTensor]] = {
    "relu": ops.relu,
    "abs": ops.abs,
    "sort": lambda x: ops.sort(x, axis=1),
    "largest so far": lambda x: ops.maximum(x, ops.roll(x, 1, axis=1)),
    "clip": lambda x: ops.clip(x, -1e6, 1e6),
    "max pooling": lambda x: ops.max_pool(x, 2),
    "tanh": ops.tanh,
    "round": ops.round,
    "mean": lambda x: x - ops.mean(x, axis=1, keepdims=True),
    "shrink": lambda x: ops.hard_shrink(x, 0.25),
}


@refused
def stateful() -> keras.Model:
    return _sequential(
        keras.Input(batch_shape=(2, 4, 3), name="x"), layers.LSTM(4, stateful=True, name="run")
    )


@refused
def reset_before() -> keras.Model:
    return _sequential(keras.Input((4, 3), name="x"), layers.GRU(4, reset_after=False, name="run"))


@refused
def several() -> keras.Model:
    return _sequential(
        keras.Input((8, 3), name="x"),
        layers.Conv1DTranspose(4, 3, name="up"),
        layers.LSTM(4, name="run"),
        layers.PReLU(name="own"),
        layers.Dense(2, activation="exponential", name="y"),
    )


@refused
def features_apart() -> keras.Model:
    x = keras.Input((9, 4), name="x")
    return keras.Model(x, layers.LSTM(3, name="run")(x[:, :, :2]))
