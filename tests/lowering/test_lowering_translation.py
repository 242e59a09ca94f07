"""Calls of Keras and PyTorch, and of papers: the call to write, with the sizes that were given, and what to draw."""

from __future__ import annotations

import pytest

from seqdsl.lowering.calls import read_call
from seqdsl.lowering.framework_names import find_absent, find_counterparts
from seqdsl.lowering.translation import translate
from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import read_python_call
from seqdsl.text.close_words import close_words

# The call, what to write, and a part of each note.
CALLS = [
    ("LSTM(64)", "lstm(64)", []),
    ("LSTM(64, return_sequences=True)", "lstm(64)", ["wire every step"]),
    ("LSTM(64, return_sequences=False)", "lstm(64)", ["wire the last step"]),
    ("LSTM(units=64, stateful=False, return_state=False, unroll=False)", "lstm(64)", []),
    ("LSTM(64, return_state=True, go_backwards=True)", "lstm(64)", ["`E-E-D-D`", "`H<H<H`"]),
    ("LSTM(64, dropout=0.2, recurrent_dropout=0.1)", "lstm(64, dropout=0.2, recurrent_dropout=0.1)", []),
    ("LSTM(64, 'relu', use_bias=False)", "lstm(64, activation=relu, bias=false)", []),
    ("LSTM(None)", "lstm(16)", ["`None` as `units`: write a whole number", "is an example"]),
    ("LSTM(64, activation=None)", "lstm(64, activation=linear)", []),
    ("LSTM(64, activation='tanh', use_bias=True)", "lstm(64)", []),
    ("LSTM(64, input_shape=(10, 8))", "lstm(64)", ["`input(8)`"]),
    ("LSTM(64, kernel_initializer='zeros', name='Enc 1')", "lstm(64, name=enc_1)", ["remove it here"]),
    ("nn.LSTM(8, 64)", "lstm(64)", ["the row below tells: `input(8)`"]),
    ("nn.LSTM(8, 64, 2, batch_first=True)", "lstm(64)", ["`input(8)`", "2 rows", "batch"]),
    ("nn.LSTM(input_size=8, hidden_size=64, num_layers=1)", "lstm(64)", ["`input(8)`"]),
    ("nn.LSTM(8, 64, 2, dropout=0.3)", "lstm(64)", ["`input(8)`", "2 rows", "`dropout(0.3)`"]),
    ("nn.LSTM(8, 64, proj_size=16)", "lstm(64, projection=16)", ["`input(8)`"]),
    ("nn.LSTM(8, 64, proj_size=0)", "lstm(64)", ["`input(8)`"]),
    ("nn.GRU(8, HIDDEN, bidirectional=True)", "gru(hidden)", ["`input(8)`", "`H=H=H`"]),
    ("nn.RNN(8, 16, nonlinearity='relu')", "rnn(16, relu)", ["`input(8)`"]),
    ("SimpleRNN(16)", "rnn(16)", []),
    ("Elman(16)", "rnn(16)", []),
    ("simple_rnn(16)", "rnn(16)", []),
    ("BiLSTM(32)", "lstm(32)", ["`H=H=H`"]),
    ("lstm(hidden_size=64)", "lstm(64)", []),
    ("RNN(LSTMCell(64), return_sequences=True)", "lstm(64)", ["wire every step"]),
    ("Dense(10, activation='softmax')", "dense(10, softmax)", []),
    ("Dense(units=10, activation=tf.nn.relu)", "dense(10, relu)", []),
    ("Dense(4 * units)", "dense(4 * units)", []),
    ("keras.layers.Dense(1)(x)", "dense(1)", []),
    ("Linear(64, 10, bias=False)", "dense(10, bias=false)", ["`input(64)`"]),
    ("nn.Linear(in_features=64, out_features=10)", "dense(10)", ["`input(64)`"]),
    ("LazyLinear(10)", "dense(10)", []),
    ("Conv1D(32, 3, padding='causal', dilation_rate=2)", "conv(32, 3, padding=causal, dilation=2)", []),
    ("Conv1D(filters=32, kernel_size=(3,), strides=1)", "conv(32, 3)", []),
    ("Conv1D(32, 3, activation='relu')", "conv(32, 3, relu)", []),
    ("Conv1D(32, 3, 2, 'valid')", "conv(32, 3)", ["every 2 nodes", "`valid`"]),
    ("nn.Conv1d(8, 32, 5, stride=2, padding=2)", "conv(32, 5)", ["`input(8)`", "every 2", "`same`"]),
    ("Conv1D(32)", "conv(32, 3)", ["choose the kernel"]),
    ("Embedding(1000, 64)", "embedding(64)", ["`tokens(1000)`"]),
    ("Embedding(1000, 64, mask_zero=True)", "embedding(64, mask=true)", ["`tokens(1000)`"]),
    ("nn.Embedding(1000, 64, padding_idx=0)", "embedding(64)", ["`tokens(1000)`", "`mask=true`"]),
    ("Dropout(0.5)", "dropout(0.5)", []),
    ("nn.Dropout(p=0.5, inplace=True)", "dropout(0.5)", ["remove it here"]),
    ("LayerNormalization(epsilon=1e-6)", "layernorm(epsilon=1e-06)", []),
    ("nn.LayerNorm(64, eps=1e-6)", "layernorm(epsilon=1e-06)", ["features of each step"]),
    # What Keras and PyTorch take where nothing is said is not always what is taken here.
    ("LayerNormalization()", "layernorm(epsilon=0.001)", []),
    ("BatchNormalization(momentum=0.9)", "batchnorm(epsilon=0.001)", []),
    ("nn.BatchNorm2d(16)", "batchnorm", ["row below"]),
    ("Conv2D(16, 3)", "conv2d(16, 3, padding=valid)", []),
    ('Conv2D(16, 3, padding="same")', "conv2d(16, 3)", []),
    ("nn.Conv2d(1, 16, 3, padding=0)", "conv2d(16, 3, padding=valid)", ["row below"]),
    ("nn.Conv2d(1, 16, 3, padding=1)", "conv2d(16, 3)", ["`same` puts (kernel - 1) // 2 zeros"]),
    ("TimeDistributed(Flatten)", "flatten", ["one wire a step"]),
    ("nn.BatchNorm1d(64, momentum=0.1)", "batchnorm", ["row below", "1 - 0.1"]),
    ("MultiHeadAttention(num_heads=4, key_dim=16)", "attention(heads=4, key=16)", ["query"]),
    ("MultiHeadAttention(4, 16, value_dim=8)", "attention(heads=4, key=16)", ["query", "keys"]),
    ("AdditiveAttention()", "attention(score=additive)", []),
    ("AdditiveAttention(dropout=0.1)", "attention(score=additive, dropout=0.1)", []),
    ("BahdanauAttention(10)", "attention(score=additive, key=10)", ["query"]),
    ("Attention(use_scale=True)", "attention", ["`scale=true`"]),
    ("ScaledDotProductAttention()", "attention(scale=true)", ["query"]),
    ("nn.MultiheadAttention(64, 4)", "attention(heads=4)", ["query", "memory"]),
    ("GlobalAveragePooling1D()", "mean", ["`+-+-+`"]),
    ("global_max_pooling_1d()", "max", ["`+-+-+`"]),
    ("MaxPooling1D(2)", "max", ["wire 2 steps", "window"]),
    ("nn.AvgPool1d(kernel_size=3, stride=3)", "mean", ["wire 3 steps", "every 3 steps", "window"]),
    ("Concatenate(axis=-1)", "concat", ["wire both"]),
    ("Add()([a, b])", "add", []),
    ("Input(shape=(None, 8))", "input(8)", []),
    ("Input(shape=(20, 8))", "input(8)", []),
    ("Input(shape=(28, 28, 1))", "input(28, 28, 1)", []),
    ("Input((20, 28, 28, 1))", "input(28, 28, 1)", []),
    ("Input(shape=(None, 12, 3))", "input(12, 3)", []),
    ("Dense(8, input_shape=(28, 28, 1))", "dense(8)", ["`input(28, 28, 1)`"]),
    ("Conv2D(16, (3, 3), padding='same')", "conv2d(16, 3)", []),
    ("MaxPooling2D((2, 3))", "maxpool2d(2)", ["tiles are square"]),
    ("input(input_size=8)", "input(8)", []),
    ("Input((10,), batch_size=4)", "input(10)", ["any batch size"]),
    ("Masking(mask_value=0.0)", "input(8, mask=0)", ["this row is not needed"]),
    ("ReLU()", "activation(relu)", ["`dense(10, relu)`"]),
    ("nn.SiLU()", "activation(swish)", ["`dense(10, swish)`"]),
    ("LogSoftmax(dim=-1)", "activation(log_softmax)", ["log_softmax"]),
    ("Activation('relu')", "activation(relu)", []),
    ("Bidirectional(LSTM(64, return_sequences=True))", "lstm(64)", ["every step", "`H=H=H`"]),
    ("bidirectional(lstm(64), merge_mode='sum')", "lstm(64)", ["`H=H=H`", "side by side"]),
    ("TimeDistributed(Dense(1))", "dense(1)", ["one wire a step"]),
    ("Reshape((3, 4))", "split", ["as many steps"]),
    ("lstm(1_000)", "lstm(1000)", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "write", "notes"), CALLS, ids=[case[0] for case in CALLS])
def test_calls(text: str, write: str, notes: list[str]) -> None:
    call = read_python_call(text, 1, 1)
    assert call is not None
    found = translate(call)
    assert found is not None and found.write == write
    assert len(found.notes) >= len(notes), found.notes
    for part in notes:
        assert any(part in note for note in found.notes), (part, found.notes)
    if not notes:
        assert not found.notes
    # What is proposed can be written, with what it speaks of.
    (row,), problems = parse_lines(f"O   {write}")
    assert not problems and isinstance(row, Row) and row.call is not None
    settings, wrong = read_call(row.call, {"units": 8, "hidden": 8})
    assert settings is not None and not wrong


# What there is not: a part of what to do instead.
ABSENT = [
    ("RepeatVector(3)", "by a bus"),
    ("Permute((2, 1))", "not in the language"),
    ("Lambda(f)", "not in the language"),
    ("Conv3D(3, 3)", "not in the language"),
    ("ZeroPadding1D(1)", "not wired reads zeros"),
    ("CrossEntropyLoss()", "a loss does not belong"),
    ("Sequential()", "a row for each layer"),
    ("TextVectorization()", "before the model"),
    ("zoneout(0.1)", "`dropout(0.2)`"),
    ("hard_swish()", "the activations are `linear`, `relu`"),
    ("custom(3)", "not in the language"),
    ("SRU(8)", "the recurrent layers are `lstm(16)`"),
    ("GroupNorm(2, 8)", "`layernorm`"),
    ("GroupQueryAttention(8, 4, 2)", "`attention(heads=4)`"),
    ("Conv3D(16, 3)", "volumes are not in the language"),
    ("UpSampling2D(2)", "resize the images"),
    ("MDLSTM(8)", "recurrence over a second axis"),
    ("TimeDistributed(encoder)", "one wire a step"),
    ("ScheduledSampling(0.5)", "`feedback=Y` trains on what is given"),
    ("ResNet50()", "compute its features before the model"),
]


@pytest.mark.parametrize(("text", "answer"), ABSENT, ids=[case[0] for case in ABSENT])
def test_what_there_is_not(text: str, answer: str) -> None:
    call = read_python_call(text, 1, 1)
    assert call is not None
    found = translate(call)
    assert found is not None and not found.write
    assert answer in found.notes[0]


@pytest.mark.parametrize("name", ["x" * 10_000, "loss" * 3_000, "é", "", "__"])
def test_a_name_that_nobody_uses_costs_nothing(name: str) -> None:
    assert find_absent(name) is None and not find_counterparts(name)


WRONG = ["conv2d", "zoneout", "hard_swish", "custom", "zeropadding1d", "elman", "sru", "image"]
NAMES = ["conv", "dropout", "lstm", "gru", "embedding", "mean", "rnn", "input", "sigmoid", "max"]


@pytest.mark.parametrize("word", [item for item in WRONG if item != "conv2d"])
def test_another_word_is_no_typo(word: str) -> None:
    assert close_words(word, NAMES) == [] or find_absent(word) is not None


@pytest.mark.parametrize(
    ("word", "meant"),
    [("lstn", "lstm"), ("dropuot", "dropout"), ("embeding", "embedding"), ("rn", "rnn")],
)
def test_a_typo_is_found(word: str, meant: str) -> None:
    assert close_words(word, NAMES) == [meant] and find_absent(word) is None
