"""Keras models that make sequences of sequences, and states that go in and come out."""

from __future__ import annotations

import keras
from keras import layers

from tests.ported.catalog import KERAS


@KERAS.ported()
def letters_to_letters() -> keras.Model:
    """The state of one row begins the other."""
    source = keras.Input((None, 6), name="source")
    target = keras.Input((None, 7), name="target")
    encoder = layers.LSTM(5, return_state=True, name="encoder")
    _, h, c = encoder(source)
    decoder = layers.LSTM(5, return_sequences=True, return_state=True, name="decoder")
    x, _, _ = decoder(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(7, activation="softmax", name="letter")(x))


@KERAS.waiting("the final state of an LSTM alone")
def only_the_encoder() -> keras.Model:
    """The states are all that it gives."""
    source = keras.Input((None, 6), name="source")
    _, h, c = layers.LSTM(5, return_state=True, name="encoder")(source)
    return keras.Model(source, [h, c])


@KERAS.waiting("cannot be drawn")
def only_the_decoder() -> keras.Model:
    """One step, with the states before and behind it."""
    target = keras.Input((1, 7), name="target")
    h, c = keras.Input((5,), name="h"), keras.Input((5,), name="c")
    decoder = layers.LSTM(5, return_sequences=True, return_state=True, name="decoder")
    x, h_after, c_after = decoder(target, initial_state=[h, c])
    x = layers.Dense(7, activation="softmax", name="letter")(x)
    return keras.Model([target, h, c], [x, h_after, c_after])


@KERAS.ported()
def two_rows_each() -> keras.Model:
    """Each row of an encoder begins its own of the decoder."""
    source, target = keras.Input((None, 4), name="source"), keras.Input((None, 3), name="target")
    x, *low = layers.LSTM(5, return_sequences=True, return_state=True, name="encoder_low")(source)
    _, *high = layers.LSTM(5, return_state=True, name="encoder_high")(x)
    y = layers.LSTM(5, return_sequences=True, name="decoder_low")(target, initial_state=low)
    y = layers.LSTM(5, return_sequences=True, name="decoder_high")(y, initial_state=high)
    return keras.Model([source, target], layers.Dense(6, name="letter")(y))


@KERAS.ported()
def both_directions_begin_one() -> keras.Model:
    """The states of two directions side by side, as long as the decoder's."""
    source, target = keras.Input((5, 4), name="source"), keras.Input((3, 3), name="target")
    encoder = layers.Bidirectional(layers.GRU(3, return_state=True), name="encoder")
    _, forward, backward = encoder(source)
    state = layers.Concatenate()([forward, backward])
    y = layers.GRU(6, return_sequences=True, name="decoder")(target, initial_state=state)
    return keras.Model([source, target], layers.Dense(5, name="letter")(y))


@KERAS.ported()
def repeated_beside_targets() -> keras.Model:
    """The end of the source beside each step of the target."""
    source, target = keras.Input((5, 4), name="source"), keras.Input((3, 2), name="target")
    end = layers.GRU(4, name="encoder")(source)
    x = layers.Concatenate()([layers.RepeatVector(3)(end), target])
    x = layers.GRU(5, return_sequences=True, name="decoder")(x)
    return keras.Model([source, target], layers.Dense(2, name="y")(x))


@KERAS.ported()
def masked_translation() -> keras.Model:
    """Ids with padding on both sides; padded steps of the target do not count."""
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    x = layers.Embedding(15, 4, mask_zero=True, name="source_table")(source)
    _, h, c = layers.LSTM(5, return_state=True, name="encoder")(x)
    y = layers.Embedding(16, 4, name="target_table")(target)
    y = layers.LSTM(5, return_sequences=True, name="decoder")(y, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(16, activation="softmax", name="word")(y))


@KERAS.ported()
def state_from_facts() -> keras.Model:
    """Both states of a row from dense layers."""
    facts, x = keras.Input((3,), name="facts"), keras.Input((5, 2), name="x")
    h = layers.Dense(4, activation="tanh", name="h")(facts)
    c = layers.Dense(4, name="c")(facts)
    y = layers.LSTM(4, return_sequences=True, name="run")(x, initial_state=[h, c])
    return keras.Model([facts, x], layers.Dense(1, name="y")(y))


@KERAS.ported()
def steps_with_attention() -> keras.Model:
    """Teacher forcing, with additive attention beside the decoder's states."""
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    x = layers.Embedding(12, 4, name="source_table")(source)
    memory, h, c = layers.LSTM(5, return_sequences=True, return_state=True, name="encoder")(x)
    y = layers.Embedding(13, 4, name="target_table")(target)
    y = layers.LSTM(5, return_sequences=True, name="decoder")(y, initial_state=[h, c])
    read = layers.AdditiveAttention(name="read")([y, memory])
    y = layers.Concatenate(axis=-1)([y, read])
    return keras.Model([source, target], layers.Dense(13, activation="softmax", name="word")(y))


@KERAS.ported()
def segments() -> keras.Model:
    """A row goes on where the one before it ended: a long text in two parts."""
    first, second = keras.Input((4, 3), name="first"), keras.Input((4, 3), name="second")
    run = layers.LSTM(5, return_sequences=True, return_state=True, name="run")
    _, *state = run(first)
    y, *_ = run(second, initial_state=state)
    return keras.Model([first, second], layers.Dense(2, name="y")(y))


@KERAS.refused("stateful")
def stateful_rows() -> keras.Model:
    """States that stay from call to call."""
    return keras.Sequential(
        [
            keras.Input(batch_shape=(2, 4, 3), name="x"),
            layers.LSTM(4, stateful=True, return_sequences=True, name="run"),
            layers.Dense(1, name="y"),
        ]
    )
