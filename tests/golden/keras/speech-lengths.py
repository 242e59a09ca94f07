"""Keras model speech-lengths: many-to-many aligned, stacked 2, bidirectional, convolutional, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ZeroMasked(layers.Layer):
    """Zero the padded steps of a sequence; its mask goes on with it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(
        self, x: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        return x if mask is None else ops.where(mask[..., None], x, 0.0)


def steps_before(
    lengths: keras.KerasTensor, like: keras.KerasTensor
) -> keras.KerasTensor:
    """Which steps, (batch, steps) as ``like`` has, come before the length of their sample."""
    numbers = ops.cumsum(ops.ones_like(like, dtype="int32"), axis=1)
    return numbers <= ops.expand_dims(lengths, 1)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``spectrum`` to a sequence ``y``.

        Y ... Y   dense(11, log_softmax)
        |     |
        G=...=G   gru(8)
        |     |
        H=...=H   gru(8)
        |     |
        F ... F   conv(10, 3, relu)
        |     |
        X ... X   input(13, lengths=true, name=spectrum)

    Shapes, without the batch:
        input spectrum: (None, 13) float32
        input spectrum_lengths: () int32, valid steps of spectrum
        output y: (None, 11)
    """
    spectrum_lengths = keras.Input(shape=(), dtype="int32", name="spectrum_lengths")
    spectrum = keras.Input(shape=(None, 13), name="spectrum")
    mask = steps_before(spectrum_lengths, spectrum[..., 0])
    masked = ops.where(mask[..., None], spectrum, 0.0)
    conv_f = layers.Conv1D(
        10,
        3,
        padding="same",
        activation="relu",
        name="conv_f",
    )(masked)
    gru_h = layers.Bidirectional(
        layers.GRU(8, return_sequences=True, zero_output_for_mask=True),
        name="gru_h",
    )(conv_f, mask=mask)
    gru_g = layers.Bidirectional(
        layers.GRU(8, return_sequences=True, zero_output_for_mask=True),
        name="gru_g",
    )(gru_h, mask=mask)
    y = layers.Dense(11, activation="log_softmax", name="dense_y")(gru_g)
    y = ZeroMasked()(y, mask=mask)
    return keras.Model(
        inputs=[spectrum, spectrum_lengths],
        outputs=y,
        name="speech_lengths",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
