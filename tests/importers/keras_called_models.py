"""Models that apply a model of sequences to each of their steps, rewritten small from guides."""

from __future__ import annotations

import keras
from keras import layers

from tests.importers.keras_mask_models import MODELS, REFUSED
from tests.importers.keras_models import model

__all__ = ["MODELS", "REFUSED"]


@model(
    """
    document: tokens(20, 5)
    sentences = sentence document[7]
    reader = lstm(4) sentences[7]
    y = dense(2) reader.6
    -> y
    """
)
def sentences_of_a_document() -> keras.Model:
    """Yang et al. 2016, without attention: more sentences than would be drawn one by one."""
    encoder = keras.Sequential(
        [
            keras.Input((5,), dtype="int32", name="words"),
            layers.Embedding(20, 4, name="table"),
            layers.Bidirectional(layers.GRU(3), name="run"),
            layers.Dense(4, activation="tanh", name="meaning"),
        ],
        name="sentence",
    )
    words = keras.Input((None, 5), dtype="int32", name="document")
    sentences = layers.TimeDistributed(encoder, name="sentences")(words)
    run = layers.LSTM(4, name="reader")(sentences)
    return keras.Model(words, layers.Dense(2, name="y")(run))


@model(
    """
    one: input(6, 2)
    two: input(6, 2)
    each = tower one[20]
    each' = tower two[20]
    run = lstm(4) each[20]
    run' = lstm(4) each'[20]
    y = dense(2) run.19+run'.19
    -> y
    """
)
def windows_of_a_signal() -> keras.Model:
    """A CNN over windows of a series, and an LSTM over the windows: one tower for two signals."""
    tower = keras.Sequential(
        [
            keras.Input((6, 2), name="window"),
            layers.Conv1D(3, 3, activation="relu", name="conv"),
            layers.GlobalMaxPooling1D(name="top"),
        ],
        name="tower",
    )
    one, two = (keras.Input((20, 6, 2), name=name) for name in ("one", "two"))
    each = layers.TimeDistributed(tower, name="each")
    run = layers.LSTM(4, name="run")
    both = layers.Concatenate()([run(each(one)), run(each(two))])
    return keras.Model([one, two], layers.Dense(2, name="y")(both))


@model(
    """
    left: tokens(20)
    right: tokens(20)
    encoder = encoder of left[7]
    encoder' = encoder of right[9]
    y = dense(1, sigmoid) encoder.0+encoder'.0
    -> y
    """
)
def two_texts_and_one_encoder() -> keras.Model:
    """Mueller and Thyagarajan 2016, with a dense layer: a model of a sequence that gives a vector, applied twice."""
    encoder = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(20, 4, name="table"),
            layers.LSTM(5, name="run"),
        ],
        name="encoder",
    )
    left, right = (keras.Input((None,), dtype="int32", name=name) for name in ("left", "right"))
    both = layers.Concatenate()([encoder(left), encoder(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="y")(both))


@model(
    """
    x: input(4)
    block = block of x[6]
    block' = block of block[6]
    y = dense(2) block'.5
    -> y
    """
)
def one_block_twice() -> keras.Model:
    """A residual block with one set of weights: a model of a sequence that gives a sequence."""
    read = keras.Input((6, 4))
    window = layers.Conv1D(4, 3, padding="same", activation="relu", name="window")(read)
    block = keras.Model(read, layers.Add(name="sum")([read, window]), name="block")
    x = keras.Input((6, 4), name="x")
    return keras.Model(x, layers.Dense(2, name="y")(block(block(x))[:, -1]))


@model(
    """
    x: input(3)
    run = lstm(4) x[5]
    head = head run.4
    head' = head head.0
    y = dense(1) head'.0
    -> y
    """
)
def one_head_twice() -> keras.Model:
    """A model of a vector."""
    head = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, "relu", name="wide"), layers.Dense(4, name="back")],
        name="head",
    )
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, layers.Dense(1, name="y")(head(head(layers.LSTM(4, name="run")(x)))))


@model(
    """
    left: tokens(20)
    right: tokens(20)
    table = embedding(4, mask=true) left[7]
    table' = embedding(4, mask=true) right[9]
    encoder = encoder of table[7]
    encoder' = encoder of table'[9]
    join = multiply encoder.0 & encoder'.0
    y = dense(1) join.0
    -> y
    """
)
def two_padded_texts_and_one_encoder() -> keras.Model:
    """The same with padding, which the table outside of the model marks."""
    read = keras.Input((None, 4))
    run = layers.GRU(3, return_sequences=True, name="low")(read)
    encoder = keras.Model(read, layers.GRU(5, name="top")(run), name="encoder")
    table = layers.Embedding(20, 4, mask_zero=True, name="table")
    left, right = (keras.Input((None,), dtype="int32", name=name) for name in ("left", "right"))
    both = layers.Multiply(name="join")([encoder(table(left)), encoder(table(right))])
    return keras.Model([left, right], layers.Dense(1, name="y")(both))


@model(
    """
    words: tokens(20)
    table = embedding(4, mask=true) words[7]
    block = block of table[7]
    block' = block of block[7]
    run = gru(3) block'[7]
    y = output run.6
    -> y
    """
)
def one_padded_block_twice() -> keras.Model:
    """Padding goes through a block to the next one; what the first one gives there is not looked at."""
    read = keras.Input((None, 4))
    run = layers.LSTM(4, return_sequences=True, name="low")(read)
    block = keras.Model(read, layers.Add(name="sum")([read, run]), name="block")
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Embedding(20, 4, mask_zero=True, name="table")(words)
    return keras.Model(words, layers.GRU(3, name="run")(block(block(x))))


@model(
    """
    story: tokens(20, 5)
    question: tokens(20)
    sentence = sentence of question[5]
    sentence' = sentence story[4]
    look = attention sentence.0 & of sentence'[4]
    y = dense(2) look.0+sentence.0
    -> y
    """
)
def facts_and_a_question() -> keras.Model:
    """One encoder of padded sentences for each fact of a story, and for the question about it."""
    words = keras.Input((5,), dtype="int32")
    table = layers.Embedding(20, 4, mask_zero=True, name="table")(words)
    sentence = keras.Model(words, layers.LSTM(4, name="run")(table), name="sentence")
    story = keras.Input((4, 5), dtype="int32", name="story")
    question = keras.Input((5,), dtype="int32", name="question")
    facts, asked = layers.TimeDistributed(sentence, name="facts")(story), sentence(question)
    found = layers.Attention(name="look")([layers.Reshape((1, 4))(asked), facts])
    both = layers.Concatenate()([layers.Flatten()(found), asked])
    return keras.Model([story, question], layers.Dense(2, name="y")(both))


@model(
    """
    x: input(3)
    run = lstm(4) x[5]
    inner = dense(2) run.4
    -> inner
    """
)
def a_model_that_ends_with_a_model() -> keras.Model:
    read = keras.Input((4,))
    head = keras.Model(read, layers.Dense(2, name="inner")(read), name="head")
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, head(layers.LSTM(4, name="run")(x)))


@model(
    """
    words: tokens(30)
    letters: tokens(12, 6)
    word_table = embedding(5) words[7]
    letter_run = each_letters letters[7]
    run = lstm(5) both word_table[7]+letter_run[7]
    tags = dense(4) run[7]
    -> tags
    """
)
def words_and_their_letters() -> keras.Model:
    """Names in texts, as a well-known guide has it: letters layer by layer, and masks that Keras loses in both ways."""
    words = keras.Input((None,), dtype="int32", name="words")
    letters = keras.Input((None, 6), dtype="int32", name="letters")
    x = layers.Embedding(30, 5, mask_zero=True, name="word_table")(words)
    y = layers.TimeDistributed(layers.Embedding(12, 3, mask_zero=True), name="table")(letters)
    y = layers.TimeDistributed(layers.LSTM(4, name="inner"), name="letter_run")(y)
    run = layers.Bidirectional(layers.LSTM(5, return_sequences=True), name="run")
    return keras.Model(
        [words, letters], layers.Dense(4, name="tags")(run(layers.concatenate([x, y])))
    )


@model(
    """
    document: tokens(20, 5)
    words_run = each_document document[4]
    top = max of words_run[4]
    y = dense(2) top.0
    -> y
    """
)
def padded_words_layer_by_layer() -> keras.Model:
    """The mask of the words goes through `TimeDistributed` into the run over each sentence."""
    document = keras.Input((4, 5), dtype="int32", name="document")
    x = layers.Embedding(20, 4, mask_zero=True, name="table")(document)
    inner = layers.Bidirectional(layers.GRU(3), name="inner")
    x = layers.TimeDistributed(inner, name="words_run")(x)
    return keras.Model(
        document, layers.Dense(2, name="y")(layers.GlobalMaxPooling1D(name="top")(x))
    )


@model(
    """
    letters: tokens(12, 6)
    words: tokens(12)
    table = embedding(3) letters[4]
    table' = embedding(3) words[5]
    other = gru(3) table'[5]
    twos = each_twos table[4]
    threes = each_threes table[4]
    run = lstm(4) twos[4]+threes[4]
    y = dense(1) run.3+other.4
    -> y
    """
)
def windows_of_two_widths_over_letters() -> keras.Model:
    """What is read twice, or looked up elsewhere as well, stays a row; what reads it is a picture each."""
    letters = keras.Input((4, 6), dtype="int32", name="letters")
    words = keras.Input((5,), dtype="int32", name="words")
    table = layers.Embedding(12, 3, name="table")
    x, each = table(letters), []
    for name, width in (("twos", 2), ("threes", 3)):
        y = layers.TimeDistributed(layers.Conv1D(2, width, padding="same", name=f"in_{name}"))(x)
        each.append(layers.TimeDistributed(layers.GlobalMaxPooling1D(), name=name)(y))
    run = layers.LSTM(4, name="run")(layers.concatenate(each))
    other = layers.GRU(3, name="other")(table(words))
    return keras.Model(
        [letters, words], layers.Dense(1, name="y")(layers.concatenate([run, other]))
    )
