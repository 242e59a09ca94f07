"""Keras models with attention, as their guides have it."""

from __future__ import annotations

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS
from tests.ported.keras_models.blocks import DecoderBlock, EncoderBlock, TokensAndPlaces


@KERAS.ported()
def translation_by_attention() -> keras.Model:
    """An encoder, and a decoder that reads itself and the encoder."""
    source = keras.Input((5,), dtype="int64", name="source")
    target = keras.Input((4,), dtype="int64", name="target")
    memory = TokensAndPlaces(5, 20, 8, name="source_places")(source)
    memory = EncoderBlock(8, 2, 10, name="encoder")(memory)
    x = TokensAndPlaces(4, 22, 8, name="target_places")(target)
    x = DecoderBlock(8, 2, 10, name="decoder")(x, memory)
    x = layers.Dropout(0.5)(x)
    return keras.Model([source, target], layers.Dense(22, name="words")(x))


@KERAS.ported()
def luong() -> keras.Model:
    """Products of the states of both, then both side by side."""
    source = keras.Input((None, 4), name="source")
    target = keras.Input((None, 3), name="target")
    memory, state = layers.GRU(5, return_sequences=True, return_state=True, name="encoder")(source)
    x = layers.GRU(5, return_sequences=True, name="decoder")(target, initial_state=state)
    context = layers.Attention(name="context")([x, memory])
    x = layers.Dense(6, activation="tanh", name="joined")(layers.Concatenate()([context, x]))
    return keras.Model([source, target], layers.Dense(7, name="words")(x))


@KERAS.ported()
def additive() -> keras.Model:
    """Sums in place of products."""
    source = keras.Input((5, 4), name="source")
    target = keras.Input((3, 4), name="target")
    memory = layers.LSTM(6, return_sequences=True, name="encoder")(source)
    asked = layers.LSTM(6, return_sequences=True, name="decoder")(target)
    read = layers.AdditiveAttention(use_scale=True, name="read")([asked, memory])
    return keras.Model([source, target], layers.Dense(2, name="y")(layers.add([read, asked])))


@KERAS.ported()
def narrow_heads() -> keras.Model:
    """Heads of a width of their own, values of another, keys that are not the values."""
    query, value = keras.Input((3, 6), name="query"), keras.Input((5, 4), name="value")
    key = layers.Dense(4, activation="tanh", name="key")(value)
    read = layers.MultiHeadAttention(2, key_dim=5, name="read")(query, value, key)
    return keras.Model([query, value], layers.LayerNormalization(name="norm")(query + read))


@KERAS.ported()
def patches_before_norm() -> keras.Model:
    """Patches of an image as steps, normalized before they are read."""
    x = patches = keras.Input((9, 6), name="patches")
    x = layers.Dense(8, name="project")(x)
    for number in range(2):
        read = layers.LayerNormalization(epsilon=1e-6, name=f"norm_{number}")(x)
        read = layers.MultiHeadAttention(2, 4, dropout=0.1, name=f"read_{number}")(read, read)
        x = middle = layers.Add()([read, x])
        x = layers.LayerNormalization(epsilon=1e-6)(x)
        x = layers.Dense(12, activation=keras.activations.gelu, name=f"inner_{number}")(x)
        x = layers.Add()([layers.Dense(8, name=f"outer_{number}")(x), middle])
    x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6, name="last")(x))
    return keras.Model(patches, layers.Dense(4, name="y")(x))


class Latents(layers.Layer):
    """Trained vectors, the same for all samples."""

    def __init__(self, count: int, width: int, **options: object) -> None:
        super().__init__(**options)
        self.count, self.width = count, width

    def build(self, shape: tuple[int, ...]) -> None:
        self.table = self.add_weight(shape=(self.count, self.width), name="table")

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        shape = (ops.shape(x)[0], self.count, self.width)
        return ops.broadcast_to(ops.expand_dims(self.table, 0), shape)


@KERAS.ported()
def trained_questions() -> keras.Model:
    """A few trained vectors ask many steps."""
    x = data = keras.Input((7, 6), name="data")
    latents = Latents(3, 6, name="latents")(x)
    read = layers.MultiHeadAttention(2, 3, name="cross")(latents, x)
    x = layers.LayerNormalization(name="norm")(layers.Add()([read, latents]))
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(data, layers.Dense(3, name="y")(x))


@KERAS.waiting("negative_slope=0.3")
def films() -> keras.Model:
    """Films that somebody saw, with how they were rated, and what is known of the person."""
    seen = keras.Input((5,), dtype="int32", name="seen")
    person = keras.Input((3,), name="person")
    x = TokensAndPlaces(5, 20, 6, name="films")(seen)
    read = layers.MultiHeadAttention(num_heads=3, key_dim=6, dropout=0.1, name="read")(x, x)
    read = layers.Dropout(0.1)(read)
    x1 = layers.LayerNormalization()(layers.Add()([x, read]))
    x2 = layers.Dense(units=6, name="inner")(layers.LeakyReLU()(x1))
    x2 = layers.Dropout(0.1)(x2)
    x = layers.LayerNormalization()(layers.Add()([x1, x2]))
    x = layers.concatenate([layers.Flatten()(x), person])
    for number, width in enumerate((8, 6)):
        x = layers.Dense(width, name=f"dense_{number}")(x)
        x = layers.LeakyReLU()(layers.BatchNormalization()(x))
    return keras.Model([seen, person], layers.Dense(1, name="rating")(x))


@KERAS.ported()
def shared_attention() -> keras.Model:
    """Two texts, each of which reads the other, as summaries."""
    left, right = keras.Input((4, 5), name="left"), keras.Input((6, 5), name="right")
    run = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="run")
    one, other = run(left), run(right)
    ahead = layers.Attention(name="ahead")([one, other])
    back = layers.Attention(name="back")([other, one])
    ends = [layers.GlobalMaxPooling1D()(x) for x in (ahead, back)]
    return keras.Model(
        [left, right], layers.Dense(3, activation="softmax")(layers.concatenate(ends))
    )


@KERAS.waiting("use_scale=True")
def trained_scale() -> keras.Model:
    """Products of steps, with a trained scale."""
    x = series = keras.Input((6, 4), name="series")
    x = layers.Attention(use_scale=True, name="read")([x, x])
    return keras.Model(series, layers.Dense(1, name="y")(x))


@KERAS.ported()
def causal_products() -> keras.Model:
    """Attention without weights that looks back alone."""
    x = series = keras.Input((6, 4), name="series")
    x = layers.Dense(5, name="project")(x)
    x = layers.Attention(name="read")([x, x], use_causal_mask=True)
    return keras.Model(series, layers.Dense(1, name="y")(x))


@KERAS.ported(differs="without a valid step")
def masked_heads() -> keras.Model:
    """Padding of words is not read."""
    words = keras.Input((6,), dtype="int32", name="words")
    x = layers.Embedding(20, 6, mask_zero=True, name="table")(words)
    read = layers.MultiHeadAttention(2, 3, name="read")(x, x)
    x = layers.LayerNormalization(name="norm")(layers.Add()([x, read]))
    return keras.Model(words, layers.Dense(2, name="y")(layers.GlobalAveragePooling1D()(x)))
