"""Keras models as tutorials, guides and bug reports have them, rewritten small: what an importer has to read."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers, ops

Build = Callable[[], keras.Model]

MODELS: dict[str, tuple[Build, list[str]]] = {}
REFUSED: dict[str, tuple[Build, list[str]]] = {}


def model(wires: str) -> Callable[[Build], Build]:
    """Note a model that is read, and what has to come out (see `tests.importers.wires`), at its first lengths."""

    def note(build: Build) -> Build:
        # A line goes on where a backslash ends it.
        told = wires.strip().replace("\\\n", " ").split("\n")
        MODELS[build.__name__] = build, [" ".join(line.split()) for line in told]
        return build

    return note


def refused(*layers: str) -> Callable[[Build], Build]:
    """Note a model that is not read, and the layers because of which it is not."""

    def note(build: Build) -> Build:
        REFUSED[build.__name__] = build, list(layers)
        return build

    return note


def _sequential(*parts: layers.Layer) -> keras.Model:
    return keras.Sequential(list(parts), name="model")


@model(
    """
    words: tokens(30)
    table = embedding(6) words[7]
    first = lstm(4) both table[7]
    second = lstm(3) both first[7]
    score = dense(1, sigmoid) second.final
    -> score
    """
)
def sentiment() -> keras.Model:
    ids = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(30, 6, name="table")(ids)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="first")(x)
    x = layers.Bidirectional(layers.LSTM(3), name="second")(x)
    return keras.Model(ids, layers.Dense(1, activation="sigmoid", name="score")(x))


@model(
    """
    words: tokens(30)
    table = embedding(6) words[5]
    mean = mean of table[5]
    score = dense(2, softmax) mean.0
    -> score
    """
)
def float_ids() -> keras.Model:
    return _sequential(
        keras.Input((5,), name="words"),
        layers.Embedding(30, 6, name="table"),
        layers.GlobalAveragePooling1D(name="mean"),
        layers.Dense(2, activation="softmax", name="score"),
    )


@model(
    """
    words: tokens(30)
    table = embedding(6, mask=true) words[5]
    run = gru(4) table[5]
    tags = dense(3, softmax) run[5]
    -> tags
    """
)
def masked_tagger() -> keras.Model:
    return _sequential(
        keras.Input((5,), dtype="int32", name="words"),
        layers.Embedding(30, 6, mask_zero=True, name="table"),
        layers.GRU(4, return_sequences=True, name="run"),
        layers.TimeDistributed(layers.Dense(3, activation="softmax"), name="tags"),
    )


@model(
    """
    x: input(3, mask=-1)
    run = lstm(4) x[5]
    y = dense(1) run.4
    -> y
    """
)
def masked_series() -> keras.Model:
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.Masking(mask_value=-1.0),
        layers.LSTM(4, name="run"),
        layers.Dense(1, name="y"),
    )


@model(
    """
    x: input(2)
    run = lstm(8, dropout=0.2, recurrent_dropout=0.1) x[6]
    y = dense(1) run[3:6]
    -> y
    """
)
def forecast() -> keras.Model:
    x = keras.Input((6, 2), name="x")
    y = layers.LSTM(8, return_sequences=True, dropout=0.2, recurrent_dropout=0.1, name="run")(x)
    y = layers.Lambda(lambda value: value[:, -3:, :], name="last")(y)
    return keras.Model(x, layers.Dense(1, name="y")(y))


@model(
    """
    x: input(2)
    run = lstm(4) x[6]
    all = dense(6) run.5
    split = split all.0*3
    y = output split[3]
    -> y
    """
)
def many_steps() -> keras.Model:
    return _sequential(
        keras.Input((6, 2), name="x"),
        layers.LSTM(4, name="run"),
        layers.Dense(3 * 2, name="all"),
        layers.Reshape((3, 2)),
    )


@model(
    """
    x: input(2)
    encoder = lstm(4, activation=relu) x[4]
    decoder = lstm(4, activation=relu) encoder.3*4
    y = dense(2) decoder[4]
    -> y
    """
)
def autoencoder() -> keras.Model:
    return _sequential(
        keras.Input((4, 2), name="x"),
        layers.LSTM(4, activation="relu", name="encoder"),
        layers.RepeatVector(4),
        layers.LSTM(4, activation="relu", return_sequences=True, name="decoder"),
        layers.TimeDistributed(layers.Dense(2), name="y"),
    )


@model(
    """
    source: input(5)
    target: input(6)
    encoder = lstm(4) source[7]
    decoder = lstm(4) target[9] begins encoder
    y = dense(6, softmax) decoder[9]
    -> y
    """
)
def translation() -> keras.Model:
    source, target = keras.Input((None, 5), name="source"), keras.Input((None, 6), name="target")
    _, h, c = layers.LSTM(4, return_state=True, name="encoder")(source)
    y, _, _ = layers.LSTM(4, return_sequences=True, return_state=True, name="decoder")(
        target, initial_state=[h, c]
    )
    return keras.Model([source, target], layers.Dense(6, activation="softmax", name="y")(y))


@model(
    """
    source: input(5)
    target: input(6)
    encoder = lstm(4) both source[4]
    decoder = lstm(8) target[3] begins encoder
    y = dense(6) decoder[3]
    -> y
    """
)
def translation_both_ways() -> keras.Model:
    source, target = keras.Input((4, 5), name="source"), keras.Input((3, 6), name="target")
    encoder = layers.Bidirectional(layers.LSTM(4, return_state=True), name="encoder")
    _, fh, fc, bh, bc = encoder(source)
    state = [layers.Concatenate()([fh, bh]), layers.Concatenate()([fc, bc])]
    y = layers.LSTM(8, return_sequences=True, name="decoder")(target, initial_state=state)
    return keras.Model([source, target], layers.Dense(6, name="y")(y))


@model(
    """
    x: input(5)
    encoder_forward_layer = gru(3) x[4]
    y = dense(2) encoder_forward_layer.3
    -> y
    """
)
def forward_state_alone() -> keras.Model:
    x = keras.Input((4, 5), name="x")
    encoder = layers.Bidirectional(layers.GRU(3, return_state=True), name="encoder")
    _, forward, _ = encoder(x)
    return keras.Model(x, layers.Dense(2, name="y")(forward))


@model(
    """
    query: tokens(30)
    value: tokens(30)
    table = embedding(6) query[7]
    table' = embedding(6) value[9]
    window = conv(4, 3) table[7]
    window' = conv(4, 3) table'[9]
    read = attention window[7] & of window'[9]
    global_average_pooling1d = mean of window[7]
    global_average_pooling1d_1 = mean of read[7]
    y = output global_average_pooling1d.0+global_average_pooling1d_1.0
    -> y
    """
)
def attention_summary() -> keras.Model:
    query, value = keras.Input((None,), name="query"), keras.Input((None,), name="value")
    table = layers.Embedding(30, 6, name="table")
    window = layers.Conv1D(4, 3, padding="same", name="window")
    asked, given = window(table(query)), window(table(value))
    read = layers.Attention(name="read")([asked, given])
    both = [layers.GlobalAveragePooling1D()(asked), layers.GlobalAveragePooling1D()(read)]
    return keras.Model([query, value], layers.Concatenate()(both))


@model(
    """
    words: tokens(30)
    table = embedding(6) words[7]
    dropout = dropout(0.5) table[7]
    first = conv(4, 3, relu) dropout[7]
    second = conv(4, 3, relu) first.1 first.3 first.5
    top = max of second[1:2]
    y = dense(1, sigmoid) top.0
    -> y
    """
)
def text_windows() -> keras.Model:
    return _sequential(
        keras.Input((None,), dtype="int64", name="words"),
        layers.Embedding(30, 6, name="table"),
        layers.Dropout(0.5),
        layers.Conv1D(4, 3, padding="valid", activation="relu", strides=2, name="first"),
        layers.Conv1D(4, 3, padding="valid", activation="relu", strides=2, name="second"),
        layers.GlobalMaxPooling1D(name="top"),
        layers.Dense(1, activation="sigmoid", name="y"),
    )


@model(
    """
    x: input(2)
    a = conv(4, 2, relu, padding=causal, dilation=2) x[9]
    half_1 = max a.0 a.2 a.4 a.6 & a.1 a.3 a.5 a.7
    b = conv(2, 3) half_1[4]
    y = output b.1+b.2
    -> y
    """
)
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


@model(
    """
    words: tokens(30)
    places_embedding = position(6)
    embedding = embedding(6) words[5]
    add = add embedding[5] & places_embedding[5]
    attention = attention(heads=2, key=6) add[5] & of add[5]
    dropout = dropout(0.1) attention[5]
    block_add = add add[5] & dropout[5]
    layernorm = layernorm(epsilon=1e-06) block_add[5]
    dense = dense(8, relu) layernorm[5]
    block_sequential_dense = dense(6) dense[5]
    block_add_1 = add layernorm[5] & block_sequential_dense[5]
    block_layernorm = layernorm(epsilon=1e-06) block_add_1[5]
    mean = mean of block_layernorm[5]
    y = dense(2, softmax) mean.0
    -> y
    """
)
def transformer() -> keras.Model:
    ids = keras.Input((5,), name="words")
    x = Positions(5, 30, 6, name="places")(ids)
    x = Block(6, 2, 8, name="block")(x)
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    return keras.Model(ids, layers.Dense(2, activation="softmax", name="y")(x))


class Recognizer(keras.Model):
    """A model of a custom class."""

    def __init__(self) -> None:
        super().__init__(name="recognizer")
        self.run = layers.GRU(4, return_sequences=True, name="run")
        self.score = layers.Dense(2, name="score")

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return self.score(self.run(x)[:, ::2])


@model(
    """
    input: input(3)
    run = gru(4) input[6]
    score = dense(2) run.0 run.2 run.4
    -> score
    """
)
def subclassed() -> keras.Model:
    made = Recognizer()
    made(ops.zeros((1, 6, 3)))
    return made


@model(
    """
    left: input(3)
    right: input(3)
    tower = tower of left[4]
    tower' = tower of right[4]
    y = dense(1, sigmoid) tower.0+tower'.0
    -> y
    """
)
def nested() -> keras.Model:
    tower = keras.Sequential(
        [keras.Input((4, 3)), layers.LSTM(5, name="run"), layers.Dense(2, name="out")], name="tower"
    )
    left, right = keras.Input((4, 3), name="left"), keras.Input((4, 3), name="right")
    both = layers.Concatenate()([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="y")(both))


@model(
    """
    video: input(6, 6, 1)
    conv = conv2d(2, 3, relu, padding=valid) video[4]
    max_pooling2d = maxpool2d(2) conv[4]
    flatten = flatten max_pooling2d[4]
    run = lstm(3) flatten[4]
    y = dense(2) run.3
    -> y
    """
)
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


@model(
    """
    x: input(3)
    run = gru(5) x[4]
    each = dense(1) run[4]
    last = dense(2) run.3
    -> each last
    """
)
def two_heads() -> keras.Model:
    x = keras.Input((4, 3), name="x")
    y = layers.GRU(5, return_sequences=True, name="run")(x)
    last = layers.Dense(2, name="last")(y[:, -1])
    return keras.Model(x, [layers.Dense(1, name="each")(y), last])


# Models of bug reports against converters.


@model(
    """
    x: input(3)
    before = dense(5, relu) x[4]
    run_forward_layer = lstm(4) before[4]
    run_backward_layer = lstm(4) backward before[4]
    run_merged = add run_forward_layer[4] & run_backward_layer[4]
    after = dense(2) run_merged[4]
    -> after
    """
)
def merged_by_sum() -> keras.Model:
    """coremltools 157: a bidirectional row between two that act at each step."""
    return _sequential(
        keras.Input((4, 3), name="x"),
        layers.TimeDistributed(layers.Dense(5, activation="relu"), name="before"),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode="sum", name="run"),
        layers.TimeDistributed(layers.Dense(2), name="after"),
    )


@model(
    """
    x: input(3)
    run = lstm(4, activation=relu) both x[4]
    -> run
    """
)
def relu_both_ways() -> keras.Model:
    """tensorflow-onnx 2211: activations were lost."""
    cell = layers.LSTM(4, activation="relu", return_sequences=True)
    return _sequential(keras.Input((4, 3), name="x"), layers.Bidirectional(cell, name="run"))


@model(
    """
    x: input(3)
    run = lstm(2) backward x[4]
    y = dense(1) run.3 run.2 run.1 run.0
    -> y
    """
)
def backward_steps() -> keras.Model:
    """keras-onnx 523: steps came in reverse order."""
    return _sequential(
        keras.Input((4, 3), name="x"),
        layers.LSTM(2, go_backwards=True, return_sequences=True, name="run"),
        layers.Dense(1, name="y"),
    )


@model(
    """
    x: input(2, mask=0)
    run = lstm(4) x[3]
    y = output run.2
    -> y
    """
)
def all_padding() -> keras.Model:
    """keras-onnx, change 386: a sample of padding alone."""
    return _sequential(
        keras.Input((3, 2), name="x"), layers.Masking(0.0), layers.LSTM(4, name="run")
    )


@model(
    """
    words: tokens(20)
    table = embedding(4, mask=true) words[7]
    run = lstm(3) table[7]
    y = dense(1, sigmoid) run.6
    -> y
    """
)
def masked_ids() -> keras.Model:
    """tensorflow-onnx 1871: an embedding with a mask."""
    return _sequential(
        keras.Input((None,), dtype="int32", name="words"),
        layers.Embedding(20, 4, mask_zero=True, name="table"),
        layers.LSTM(3, name="run"),
        layers.Dense(1, activation="sigmoid", name="y"),
    )


@model(
    """
    x: input(3)
    h: input(5)
    run = rnn(5) x[4] begins h.0
    y = output run.3
    y_1 = output run[4]
    -> y_1 y
    """
)
def states_in() -> keras.Model:
    """coremltools 698, keras-onnx 114: states as inputs and outputs."""
    x, h = keras.Input((4, 3), name="x"), keras.Input((5,), name="h")
    y, last = layers.SimpleRNN(5, return_sequences=True, return_state=True, name="run")(
        x, initial_state=h
    )
    return keras.Model([x, h], [y, last])


@model(
    """
    x: input(3)
    h: input(5)
    c: input(5)
    run = lstm(5) x[4] begins h.0+c.0
    -> run
    """
)
def states_of_lstm() -> keras.Model:
    """coremltools 698: h and c."""
    x, h, c = (
        keras.Input((4, 3), name="x"),
        keras.Input((5,), name="h"),
        keras.Input((5,), name="c"),
    )
    y = layers.LSTM(5, return_sequences=True, name="run")(x, initial_state=[h, c])
    return keras.Model([x, h, c], y)


@model(
    """
    x: input(3)
    fh: input(2)
    fc: input(2)
    bh: input(2)
    bc: input(2)
    run_forward_layer = lstm(2) x[4] begins fh.0+fc.0
    run_backward_layer = lstm(2) backward x[4] begins bh.0+bc.0
    y = output run_forward_layer[4]+run_backward_layer[4]
    -> y
    """
)
def begun_both_ways() -> keras.Model:
    """onnx-tensorflow 409: a bidirectional row that begins with states."""
    x = keras.Input((4, 3), name="x")
    states = [keras.Input((2,), name=name) for name in ("fh", "fc", "bh", "bc")]
    run = layers.Bidirectional(layers.LSTM(2, return_sequences=True), name="run")
    return keras.Model([x, *states], run(x, initial_state=states))


def computing(function: Callable[[keras.KerasTensor], keras.KerasTensor]) -> keras.Model:
    """A model with a function that gives as many steps as it reads, or fewer."""
    return _sequential(
        keras.Input((6, 3), name="x"),
        layers.Lambda(function, name="function"),
        layers.LSTM(2, name="run"),
    )


# Functions that look as if they moved values, with labels that are rising, whole or positive.
COMPUTING: dict[str, Callable[[keras.KerasTensor], keras.KerasTensor]] = {
    "abs": ops.abs,
    "sort": lambda x: ops.sort(x, axis=1),
    "clip": lambda x: ops.clip(x, -1e6, 1e6),
    "max pooling": lambda x: ops.max_pool(x, 2),
    "round": ops.round,
    "mean": lambda x: x - ops.mean(x, axis=1, keepdims=True),
    "shrink": lambda x: ops.hard_shrink(x, 0.25),
}

# Such as call operations of the language, and what these are.
READABLE: dict[str, tuple[Callable[[keras.KerasTensor], keras.KerasTensor], str, int]] = {
    "relu": (ops.relu, "activation(relu)", 1),
    "tanh": (ops.tanh, "activation(tanh)", 1),
    "largest of two": (lambda x: ops.maximum(x, ops.roll(x, 1, axis=1)), "max", 2),
}


@refused("run")
def stateful() -> keras.Model:
    return _sequential(
        keras.Input(batch_shape=(2, 4, 3), name="x"), layers.LSTM(4, stateful=True, name="run")
    )


@refused("run")
def reset_before() -> keras.Model:
    row = layers.GRU(4, reset_after=False, dropout=0.2, name="run")
    return _sequential(keras.Input((4, 3), name="x"), row)


@refused("up", "own", "y")
def several() -> keras.Model:
    return _sequential(
        keras.Input((8, 3), name="x"),
        layers.Conv1DTranspose(4, 3, name="up"),
        layers.LSTM(4, name="run"),
        layers.PReLU(name="own"),
        layers.Dense(2, activation="exponential", name="y"),
    )


@refused("run")
def features_apart() -> keras.Model:
    x = keras.Input((9, 4), name="x")
    return keras.Model(x, layers.LSTM(3, name="run")(x[:, :, :2]))
