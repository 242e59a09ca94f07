"""Keras model speaker-lengths: many-to-one, convolutional, masked."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def steps_before(
    lengths: keras.KerasTensor, like: keras.KerasTensor
) -> keras.KerasTensor:
    """Which steps, (batch, steps) as ``like`` has, come before the length of their sample."""
    numbers = ops.cumsum(ops.ones_like(like, dtype="int32"), axis=1)
    return numbers <= ops.expand_dims(lengths, 1)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``frames`` to a vector ``speaker``.

              Y       dense(4, softmax, name=speaker)
              |
              S       dense(8, relu)
             / \
            M   N
            |   |
        +-+-+-+-+-+
        | | | | | |
        G G G G G G   conv(10, 3, relu, dilation=2)
        | | | | | |
        F F F F F F   conv(10, 3, relu)
        | | | | | |
        X X X X X X   input(13, lengths=true, name=frames)

        M = mean
        N = max

    Shapes, without the batch:
        input frames: (6, 13) float32
        input frames_lengths: () int32, valid steps of frames
        output speaker: (4,)
    """
    frames_lengths = keras.Input(shape=(), dtype="int32", name="frames_lengths")
    frames = keras.Input(shape=(6, 13), name="frames")
    mask = steps_before(frames_lengths, frames[..., 0])
    masked = ops.where(mask[..., None], frames, 0.0)
    conv_f = layers.Conv1D(
        10,
        3,
        padding="same",
        activation="relu",
        name="conv_f",
    )(masked)
    conv_f = ops.where(mask[..., None], conv_f, 0.0)
    conv_g = layers.Conv1D(
        10,
        3,
        padding="same",
        dilation_rate=2,
        activation="relu",
        name="conv_g",
    )(conv_f)
    conv_g = ops.where(mask[..., None], conv_g, 0.0)
    mean_m = layers.GlobalAveragePooling1D()(conv_g, mask=some_valid(mask))
    max_n = ops.max(
        ops.where(some_valid(mask)[..., None], conv_g, float("-inf")),
        axis=1,
    )
    joined = layers.Concatenate()([mean_m, max_n])
    dense_s = layers.Dense(8, activation="relu", name="dense_s")(joined)
    speaker = layers.Dense(4, activation="softmax", name="speaker")(dense_s)
    return keras.Model(
        inputs=[frames, frames_lengths],
        outputs=speaker,
        name="speaker_lengths",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("speaker", model.output_shape)
