"""Keras models of texts: classes, tags, answers, further words."""

from __future__ import annotations

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS
from tests.ported.keras_models.blocks import EncoderBlock, TokensAndPlaces


@KERAS.waiting("is not known at run time")
def pretrained_embeddings() -> keras.Model:
    """A table of words that is not trained, windows, and pools between them."""
    words = keras.Input((None,), dtype="int64", name="words")
    x = layers.Embedding(40, 6, trainable=False, name="glove")(words)
    x = layers.Conv1D(5, 3, activation="relu", name="one")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(5, 3, activation="relu", name="two")(x)
    x = layers.GlobalMaxPooling1D()(x)
    x = layers.Dense(6, activation="relu", name="hidden")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(words, layers.Dense(3, activation="softmax", name="topic")(x))


@KERAS.ported()
def addition() -> keras.Model:
    """A question of digits, and its answer of as many digits as a sum may have."""
    return keras.Sequential(
        [
            keras.Input((7, 12), name="question"),
            layers.LSTM(8, name="encoder"),
            layers.RepeatVector(4),
            layers.LSTM(8, return_sequences=True, name="decoder"),
            layers.Dense(12, activation="softmax", name="digit"),
        ],
        name="addition",
    )


@KERAS.ported()
def miniature_gpt() -> keras.Model:
    """The next word, from the words before alone; the model gives its states as well."""
    words = keras.Input((6,), dtype="int32", name="words")
    x = TokensAndPlaces(6, 20, 8, name="places")(words)
    x = EncoderBlock(8, 2, 12, causal=True, name="block")(x)
    return keras.Model(words, [layers.Dense(20, name="logits")(x), x])


@KERAS.ported()
def entity_tagger() -> keras.Model:
    """A tag for each word, from an encoder without a mask."""
    words = keras.Input((7,), dtype="int64", name="words")
    x = TokensAndPlaces(7, 30, 8, name="places")(words)
    x = EncoderBlock(8, 2, 8, name="block")(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Dense(8, activation="relu", name="hidden")(x)
    x = layers.Dropout(0.1)(x)
    return keras.Model(words, layers.Dense(5, activation="softmax", name="tags")(x))


@KERAS.ported(differs="at padded steps")
def masked_word_tagger() -> keras.Model:
    """Two directions over words with padding, a tag for each."""
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(30, 6, mask_zero=True, name="table")(words)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")(x)
    x = layers.TimeDistributed(layers.Dense(4, activation="softmax"), name="tags")(x)
    return keras.Model(words, x)


@KERAS.ported()
def masked_language_model() -> keras.Model:
    """Two encoder blocks, and the word that was hidden at each place."""
    words = keras.Input((6,), dtype="int64", name="words")
    x = TokensAndPlaces(6, 24, 8, name="places")(words)
    for number in range(2):
        x = EncoderBlock(8, 2, 8, name=f"encoder_{number}")(x)
    x = layers.Dense(24, activation="softmax", name="hidden_word")(x)
    return keras.Model(words, x)


@KERAS.ported()
def story_question() -> keras.Model:
    """A story and a question, each to a vector; the answer from both, side by side."""
    story = keras.Input((9,), dtype="int32", name="story")
    question = keras.Input((4,), dtype="int32", name="question")
    encoded = layers.LSTM(6, name="story_run")(layers.Embedding(25, 5, name="story_table")(story))
    asked = layers.Embedding(25, 5, name="question_table")(question)
    asked = layers.LSTM(6, name="question_run")(asked)
    merged = layers.concatenate([encoded, asked])
    return keras.Model([story, question], layers.Dense(25, activation="softmax", name="y")(merged))


@KERAS.ported()
def story_beside_question() -> keras.Model:
    """The question again and again beside each step of the story."""
    story = keras.Input((6,), dtype="int32", name="story")
    question = keras.Input((3,), dtype="int32", name="question")
    told = layers.Dropout(0.3)(layers.Embedding(25, 5, name="story_table")(story))
    asked = layers.Dropout(0.3)(layers.Embedding(25, 5, name="question_table")(question))
    asked = layers.RepeatVector(6)(layers.LSTM(5, name="asked")(asked))
    merged = layers.LSTM(5, name="both")(layers.add([told, asked]))
    merged = layers.Dropout(0.3)(merged)
    return keras.Model([story, question], layers.Dense(25, activation="softmax", name="y")(merged))


@KERAS.waiting("weights of an attention are read as values")
def memory_network() -> keras.Model:
    """Which facts answer: products of facts and question, as weights of other embeddings of the facts."""
    story = keras.Input((6,), dtype="int32", name="story")
    question = keras.Input((3,), dtype="int32", name="question")
    keys = layers.Embedding(25, 5, name="keys")(story)
    values = layers.Embedding(25, 3, name="values")(story)
    asked = layers.Embedding(25, 5, name="asked")(question)
    match = layers.Activation("softmax")(layers.Dot(axes=(2, 2), name="match")([keys, asked]))
    response = layers.Permute((2, 1))(layers.add([match, values]))
    answer = layers.LSTM(6, name="run")(layers.concatenate([response, asked]))
    return keras.Model([story, question], layers.Dense(25, activation="softmax", name="y")(answer))


@KERAS.ported()
def letters() -> keras.Model:
    """Letters, a recurrent layer, the next letter at each step."""
    ids = keras.Input((None,), dtype="int32", name="letters")
    x = layers.Embedding(15, 6, name="table")(ids)
    x = layers.GRU(7, return_sequences=True, name="run")(x)
    return keras.Model(ids, layers.Dense(15, name="next")(x))


@KERAS.ported()
def ticket_router() -> keras.Model:
    """A title, a text and tags; a priority and a department."""
    title = keras.Input((None,), dtype="int32", name="title")
    body = keras.Input((None,), dtype="int32", name="body")
    tags = keras.Input((4,), name="tags")
    said = layers.LSTM(6, name="title_run")(layers.Embedding(20, 5, name="title_table")(title))
    told = layers.LSTM(4, name="body_run")(layers.Embedding(30, 5, name="body_table")(body))
    x = layers.concatenate([said, told, tags])
    priority = layers.Dense(1, name="priority")(x)
    return keras.Model([title, body, tags], [priority, layers.Dense(3, name="department")(x)])


@KERAS.ported()
def duplicate_questions() -> keras.Model:
    """Two questions through the same layers."""
    left = keras.Input((5,), dtype="int32", name="left")
    right = keras.Input((5,), dtype="int32", name="right")
    table, run = layers.Embedding(20, 4, name="table"), layers.LSTM(5, name="run")
    one, other = run(table(left)), run(table(right))
    x = layers.Concatenate()([one, other, layers.Multiply()([one, other])])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="same")(x))


@KERAS.ported()
def document_reader() -> keras.Model:
    """Sentences to vectors by a model of their own, which a recurrent layer reads."""
    sentence = keras.Input((4, 5), name="sentence")
    encoder = keras.Model(sentence, layers.GRU(4, name="words")(sentence), name="encoder")
    document = keras.Input((3, 4, 5), name="document")
    x = layers.TimeDistributed(encoder, name="sentences")(document)
    x = layers.GRU(4, name="run")(x)
    return keras.Model(document, layers.Dense(2, activation="softmax", name="y")(x))


@KERAS.ported()
def windows_of_three_widths() -> keras.Model:
    """The largest value of windows of 2, 3 and 4 words."""
    words = keras.Input((8,), dtype="int32", name="words")
    x = layers.Embedding(20, 5, name="table")(words)
    found = []
    for width in (2, 3, 4):
        window = layers.Conv1D(4, width, activation="relu", name=f"window_{width}")(x)
        found.append(layers.GlobalMaxPooling1D()(window))
    x = layers.Dropout(0.5)(layers.Concatenate()(found))
    return keras.Model(words, layers.Dense(1, activation="sigmoid", name="y")(x))


@KERAS.ported()
def recurrence_above_windows() -> keras.Model:
    """Windows, a pool, a recurrent layer above."""
    return keras.Sequential(
        [
            keras.Input((12,), dtype="int32", name="words"),
            layers.Embedding(20, 5, name="table"),
            layers.Dropout(0.25),
            layers.Conv1D(6, 3, padding="valid", activation="relu", name="window"),
            layers.MaxPooling1D(pool_size=2),
            layers.LSTM(5, name="run"),
            layers.Dense(1, activation="sigmoid", name="y"),
        ],
        name="recurrence_above_windows",
    )


@KERAS.refused("FFT2")
def fourier_mixing() -> keras.Model:
    """Words mixed by a Fourier transform in place of attention."""
    x = words = keras.Input((6, 8), name="words")
    real, _ = keras.ops.fft2((x, keras.ops.zeros_like(x)))
    x = layers.LayerNormalization()(layers.Add()([x, real]))
    return keras.Model(words, layers.Dense(2, name="y")(x[:, 0]))


def _additive(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Scores of a small network, and the sum that they weigh (Yang et al. 2016)."""
    hidden = layers.Dense(5, activation="tanh", name=f"{name}_hidden")(x)
    weights = ops.softmax(layers.Dense(1, use_bias=False, name=f"{name}_scores")(hidden), axis=1)
    return ops.sum(weights * x, axis=1)


@KERAS.ported()
def hierarchical_attention() -> keras.Model:
    """Words to sentences, sentences to a document, with an attention in the model of a sentence and one outside."""
    words = keras.Input((5,), dtype="int32", name="words")
    x = layers.Embedding(20, 4, name="table")(words)
    x = layers.Bidirectional(layers.GRU(3, return_sequences=True), name="words_run")(x)
    sentence = keras.Model(words, _additive(x, "word"), name="sentence")
    document = keras.Input((4, 5), dtype="int32", name="document")
    x = layers.TimeDistributed(sentence, name="sentences")(document)
    x = layers.Bidirectional(layers.GRU(3, return_sequences=True), name="sentences_run")(x)
    return keras.Model(document, layers.Dense(2, name="topic")(_additive(x, "sentence")))


@KERAS.ported()
def padded_words_in_padded_sentences() -> keras.Model:
    """The encoder of sentences, of any length, skips padded words, and what reads them those without any word."""
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(20, 4, mask_zero=True, name="table")(words)
    sentence = keras.Model(words, layers.GRU(3, name="words_run")(x), name="sentence")
    document = keras.Input((4, 5), dtype="int32", name="document")
    x = layers.TimeDistributed(sentence, name="sentences")(document)
    some = ops.any(ops.not_equal(document, 0), axis=-1)
    return keras.Model(document, layers.Dense(2, name="y")(layers.GRU(4, name="run")(x, mask=some)))


@KERAS.waiting("Keras does not skip padded steps here")
def padding_that_is_lost_in_a_tower() -> keras.Model:
    """Two padded texts and one encoder, in which an operation loses the mask, so that it reads padding as data."""
    read = keras.Input((5, 4))
    low = layers.LSTM(4, return_sequences=True, name="low")(read)
    encoder = keras.Model(read, layers.GRU(3, name="top")(ops.relu(low)), name="encoder")
    table = layers.Embedding(20, 4, mask_zero=True, name="table")
    left, right = (keras.Input((5,), dtype="int32", name=name) for name in ("left", "right"))
    both = layers.Concatenate()([encoder(table(left)), encoder(table(right))])
    return keras.Model([left, right], layers.Dense(1, name="y")(both))
