"""Keras models of series: classes, forecasts, reconstructions."""

from __future__ import annotations

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS
from tests.ported.keras_models.blocks import pre_norm_block


@KERAS.ported()
def series_by_windows() -> keras.Model:
    """Windows, normalized, three times; the mean of all steps."""
    x = series = keras.Input((10, 1), name="series")
    for _ in range(3):
        x = layers.Conv1D(filters=5, kernel_size=3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(series, layers.Dense(2, activation="softmax", name="y")(x))


@KERAS.ported()
def series_by_attention() -> keras.Model:
    """Blocks of attention, and the mean of the features of each step."""
    x = series = keras.Input((6, 4), name="series")
    for _ in range(2):
        x = pre_norm_block(x, heads=2, inner=5)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dense(6, activation="relu", name="hidden")(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model(series, layers.Dense(2, activation="softmax", name="y")(x))


@KERAS.waiting("channels_first")
def series_by_channels() -> keras.Model:
    """The same with the mean over the features in place of the steps."""
    x = series = keras.Input((6, 1), name="series")
    x = layers.GRU(3, return_sequences=True, name="run")(x)
    x = layers.GlobalAveragePooling1D(data_format="channels_first")(x)
    return keras.Model(series, layers.Dense(2, name="y")(x))


@KERAS.waiting("negative_slope=0.2")
def brain_waves() -> keras.Model:
    """Strided windows, leaky activations, dense layers."""
    x = waves = keras.Input((32, 1), name="waves")
    for filters in (4, 6):
        x = layers.Conv1D(filters, kernel_size=3, strides=2, activation="relu", padding="valid")(x)
        x = layers.BatchNormalization()(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    x = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(8, name="one")(x))
    x = layers.Dropout(0.2)(x)
    x = layers.LeakyReLU()(layers.Dense(6, name="two")(x))
    return keras.Model(waves, layers.Dense(3, activation="softmax", name="y")(x))


@KERAS.ported()
def weather() -> keras.Model:
    """Many features, one row, one number."""
    series = keras.Input(shape=(12, 7), name="series")
    x = layers.LSTM(8, name="run")(series)
    return keras.Model(inputs=series, outputs=layers.Dense(1, name="temperature")(x))


@KERAS.refused("Conv1DTranspose")
def anomalies_by_windows() -> keras.Model:
    """Windows that halve the steps, and such as double them."""
    return keras.Sequential(
        [
            keras.Input((8, 1), name="series"),
            layers.Conv1D(4, 3, padding="same", strides=2, activation="relu"),
            layers.Dropout(0.2),
            layers.Conv1DTranspose(4, 3, padding="same", strides=2, activation="relu"),
            layers.Conv1DTranspose(1, 3, padding="same"),
        ]
    )


@KERAS.ported()
def anomalies_by_copies() -> keras.Model:
    """The same with copied steps, which windows then smooth."""
    return keras.Sequential(
        [
            keras.Input((8, 1), name="series"),
            layers.Conv1D(4, 3, padding="same", activation="relu", name="one"),
            layers.MaxPooling1D(2),
            layers.Conv1D(3, 3, padding="same", activation="relu", name="two"),
            layers.UpSampling1D(2),
            layers.Conv1D(1, 3, padding="same", name="y"),
        ],
        name="anomalies_by_copies",
    )


class Residual(keras.Model):
    """What a model gives is how the series changes."""

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self.model = model

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return x + self.model(x)


@KERAS.ported()
def changes() -> keras.Model:
    made = Residual(
        keras.Sequential(
            [layers.LSTM(6, return_sequences=True, name="run"), layers.Dense(3, name="change")]
        )
    )
    made(ops.zeros((1, 5, 3)))
    return made


@KERAS.ported()
def many_steps_at_once() -> keras.Model:
    """The last step tells all that follow."""
    return keras.Sequential(
        [
            keras.Input((6, 3), name="series"),
            layers.Lambda(lambda x: x[:, -1:, :], output_shape=(1, 3), name="last"),
            layers.Dense(8, activation="relu", name="hidden"),
            layers.Dense(4 * 3, kernel_initializer="zeros", name="all"),
            layers.Reshape([4, 3]),
        ],
        name="many_steps_at_once",
    )


@KERAS.ported()
def all_steps_flat() -> keras.Model:
    """The values of all steps, side by side."""
    return keras.Sequential(
        [
            keras.Input((3, 4), name="series"),
            layers.Flatten(),
            layers.Dense(units=8, activation="relu", name="one"),
            layers.Dense(units=1, name="two"),
            layers.Reshape([1, -1]),
        ],
        name="all_steps_flat",
    )


@KERAS.ported()
def window_model() -> keras.Model:
    """A window as long as what a prediction needs, over any number of steps."""
    return keras.Sequential(
        [
            keras.Input((None, 4), name="series"),
            layers.Conv1D(filters=6, kernel_size=(3,), activation="relu", name="window"),
            layers.Dense(units=6, activation="relu", name="hidden"),
            layers.Dense(units=1, name="y"),
        ],
        name="window_model",
    )


class OwnOutputs(keras.Model):
    """What was predicted is the next input."""

    def __init__(self, steps: int) -> None:
        super().__init__(name="own_outputs")
        self.cell = layers.LSTMCell(5)
        self.rnn = layers.RNN(self.cell, return_state=True)
        self.dense = layers.Dense(2)
        self.steps = steps

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        x, *state = self.rnn(x)
        found = [self.dense(x)]
        for _ in range(1, self.steps):
            x, state = self.cell(found[-1], states=state)
            found.append(self.dense(x))
        return ops.stack(found, axis=1)


@KERAS.ported()
def own_outputs() -> keras.Model:
    made = OwnOutputs(3)
    made(ops.zeros((1, 4, 2)))
    return made


@KERAS.ported()
def dilated_blocks() -> keras.Model:
    """Causal windows that double their reach, with a way around each two."""
    x = series = keras.Input((None, 2), name="series")
    for rate in (1, 2):
        around = layers.Conv1D(4, 1)(x)
        for _ in range(2):
            x = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="relu")(x)
            x = layers.Dropout(0.1)(x)
        x = layers.ReLU()(layers.add([around, x]))
    return keras.Model(series, layers.Dense(1, name="y")(x[:, -1, :]))


@KERAS.ported()
def with_facts() -> keras.Model:
    """What is known of a shop beside each day of it."""
    days = keras.Input((6, 3), name="days")
    shop = keras.Input((2,), name="shop")
    about = layers.Dense(4, activation="relu", name="about")(shop)
    x = layers.Concatenate()([days, layers.RepeatVector(6)(about)])
    x = layers.LSTM(5, name="run")(x)
    return keras.Model([days, shop], layers.Dense(1, name="y")(x))


@KERAS.ported()
def windows_beside_rows() -> keras.Model:
    """Two readers of one series, side by side in the end."""
    series = keras.Input((8, 2), name="series")
    run = layers.Dropout(0.8)(layers.LSTM(4, name="run")(series))
    x = layers.Conv1D(5, 3, padding="same", kernel_initializer="he_uniform", name="one")(series)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.GlobalAveragePooling1D()(x)
    y = layers.concatenate([run, x])
    return keras.Model(series, layers.Dense(3, activation="softmax", name="y")(y))


@KERAS.ported()
def quantiles() -> keras.Model:
    """A head for each quantile, over the same row."""
    x = series = keras.Input((6, 2), name="series")
    x = layers.SimpleRNN(5, return_sequences=True, name="first")(x)
    x = layers.SimpleRNN(5, activation="relu", name="second")(x)
    return keras.Model(series, [layers.Dense(1, name=name)(x) for name in ("low", "mid", "high")])


@KERAS.ported()
def reconstruction() -> keras.Model:
    """Two rows down to a vector, two rows up again."""
    return keras.Sequential(
        [
            keras.Input((5, 2), name="series"),
            layers.LSTM(6, activation="tanh", return_sequences=True, name="outer"),
            layers.LSTM(3, name="inner"),
            layers.RepeatVector(5),
            layers.LSTM(3, return_sequences=True, name="inner_up"),
            layers.LSTM(6, return_sequences=True, name="outer_up"),
            layers.TimeDistributed(layers.Dense(2), name="y"),
        ],
        name="reconstruction",
    )


@KERAS.ported()
def days_of_weeks() -> keras.Model:
    """Weeks of days: each week a vector by its values, weeks in a row."""
    x = hours = keras.Input((21, 2), name="hours")
    x = layers.Reshape((3, 14))(x)
    x = layers.Dense(5, activation="relu", name="week")(x)
    x = layers.GRU(4, name="run")(x)
    return keras.Model(hours, layers.Dense(7, name="next_week")(x))
