"""Keras model music-notes-durations: one-to-many, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="music_notes_durations")
class EmbeddingWLoop(layers.Layer):
    """A loop: each step of ``embedding_w``, ``embedding_v``, ``gru_h``, ``duration``, ``r``, ``note`` and ``m`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_w_layer: layers.Layer,
        embedding_v_layer: layers.Layer,
        gru_h_layer: layers.Layer,
        duration_layer: layers.Layer,
        note_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_w_layer = embedding_w_layer
        self.embedding_v_layer = embedding_v_layer
        self.gru_h_layer = gru_h_layer
        self.duration_layer = duration_layer
        self.note_layer = note_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_w_layer.built:
            self.embedding_w_layer.build((None,))
        if not self.embedding_v_layer.built:
            self.embedding_v_layer.build((None,))
        if not self.gru_h_layer.built:
            self.gru_h_layer.build((None, None, 7))
        if not self.duration_layer.built:
            self.duration_layer.build((None, 8))
        if not self.note_layer.built:
            self.note_layer.build((None, 8))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        mood, dense_f = inputs

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            r, m, gru_h_state = carry
            embedding_w = self.embedding_w_layer(r)
            embedding_v = self.embedding_v_layer(m)
            gru_h, gru_h_state = self.gru_h_layer.cell(
                ops.concatenate([embedding_v, embedding_w], axis=-1),
                gru_h_state,
            )
            duration = self.duration_layer(gru_h)
            r = ops.argmax(duration, axis=-1)
            note = self.note_layer(gru_h)
            m = ops.argmax(note, axis=-1)
            carry = (r, m, gru_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (r, m, _) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(mood)[0],), "int32"),
                ops.zeros((ops.shape(mood)[0],), "int32"),
                [dense_f],
            ),
            length=4,
        )
        return [ops.swapaxes(r, 0, 1), ops.swapaxes(m, 0, 1)]

    def compute_output_spec(
        self,
        inputs: list[keras.KerasTensor],
    ) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor((inputs[0].shape[0], 4), dtype="int32"),
            keras.KerasTensor((inputs[0].shape[0], 4), dtype="int32"),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in (
            "embedding_w_layer",
            "embedding_v_layer",
            "gru_h_layer",
            "duration_layer",
            "note_layer",
        ):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingWLoop":
        for name in (
            "embedding_w_layer",
            "embedding_v_layer",
            "gru_h_layer",
            "duration_layer",
            "note_layer",
        ):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a vector ``mood`` to sequences ``m`` and ``r``.

              M   M   M   M     argmax
              |   |   |   |
              P   P   P   P     dense(12, softmax, name=note)
              | R | R | R | R   argmax
              | | | | | | | |
              | Q | Q | Q | Q   dense(5, softmax, name=duration)
              |/  |/  |/  |/
        +-----H---H---H---H     gru(8)
        |    /|  /|  /|  /|
        F   V | V | V | V |
        |   | W | W | W | W     embedding(3)
        |   | | | | | | | |
        S   m r m r m r m r

        S = input(3, name=mood)
        V = embedding(4)
        F = dense(8, tanh)

    Shapes, without the batch:
        input mood: (3,) float32
        output m: (4,)
        output r: (4,)
    """
    mood = keras.Input(shape=(3,), name="mood")
    dense_f = layers.Dense(8, activation="tanh", name="dense_f")(mood)
    r, m = EmbeddingWLoop(
        embedding_w_layer=layers.Embedding(5, 3, name="embedding_w"),
        embedding_v_layer=layers.Embedding(12, 4, name="embedding_v"),
        gru_h_layer=layers.GRU(8, name="gru_h"),
        duration_layer=layers.Dense(5, activation="softmax", name="duration"),
        note_layer=layers.Dense(12, activation="softmax", name="note"),
        name="embedding_w_loop",
    )([mood, dense_f])
    return keras.Model(inputs=mood, outputs=[m, r], name="music_notes_durations")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["m", "r"], model.output_shape, strict=True):
        print(name, shape)
