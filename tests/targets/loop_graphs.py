"""Graphs with loops, each of another kind: what the tests of all targets go through."""

from __future__ import annotations

from seqdsl.ir import parse
from seqdsl.ir.builder import Builder
from seqdsl.ir.graph import Graph
from seqdsl.ir.operations import Identity
from seqdsl.ir.tensors import concat, delay, join, repeat
from seqdsl.layers import Combination
from tests.ir.test_ir_loops import alone, asking, fed_back, warmed_up


def stacked() -> Graph:
    """Two recurrent rows on each other; the lower one is fed with what the upper one gave (input feeding)."""
    b = Builder("stacked")
    n = b.length("n", minimum=2)
    x, before = b.input("x", 3, n), b.later(4, n)
    lower = b.gru(concat(x, before), 5, name="lower")
    upper = b.lstm(lower, 4, name="upper")
    b.bind(before, delay(upper))
    b.output(b.dense(upper, 2, activation="softmax"), "words")
    b.output(lower.final, "last")
    return b.build()


def several() -> Graph:
    """Two values fed back, one of them two steps later, the other read before and after it is there anew."""
    b = Builder("several")
    x, s = b.input("x", 3, 6), b.input("s", 2)
    y_before, z_before = b.later(2, 6), b.later(3, 6)
    z = b.dense(concat(x, y_before, z_before), 3, name="z", activation="tanh")
    y = b.dense(concat(z, y_before), 2, name="y", activation="sigmoid")
    w = b.merge(Combination.ADD, z, z_before, name="w")
    b.bind(y_before, join(repeat(s, 2), y[:-2]))
    b.bind(z_before, delay(z))
    b.output(y, "first")
    b.output(w, "second")
    b.output(b.rnn(w, 3), "third")
    return b.build()


def nested() -> Graph:
    """A window over its own past, and a second loop over what the first one gives."""
    b = Builder("nested")
    x, before, other = b.input("x", 3, 5), b.later(4, 5), b.later(2, 5)
    c = b.conv(concat(x, before), 4, 3, padding="causal", name="c", activation="tanh", dilation=2)
    b.bind(before, delay(c))
    h = b.rnn(concat(c, other), 2, name="h")
    b.bind(other, delay(b.dense(h, 2, name="d")))
    b.output(h)
    return b.build()


def prompted() -> Graph:
    """A prompt of any length, then four steps of its own; all steps and the final state are read."""
    b = Builder("prompted")
    n = b.length("n", minimum=2)
    x, own = b.input("x", 3, n), b.later(3, 4)
    h = b.lstm(join(x, own), 6, name="h")
    y = b.dense(h[-5:], 3, name="d")
    b.bind(own, y[:-1])
    b.output(y)
    b.output(h.final, "last")
    b.output(b.reduce(Combination.MEAN, h), "average")
    return b.build()


def looking_back() -> Graph:
    """Attention over its own past, from zero on."""
    b = Builder("looking_back")
    x, before = b.input("x", 4, 5), b.later(4, 5)
    e = b.dense(concat(x, before), 4, name="e", activation="tanh")
    a = b.attention(e, e, name="a", causal=True)
    y = b.dense(a, 4, name="d")
    b.bind(before, delay(y))
    b.output(y)
    return b.build()


def ended() -> Graph:
    """Rows of different lengths: the upper one goes on with other steps when nothing is fed back any more."""
    b = Builder("ended")
    x, z, own = b.input("x", 3, 3), b.input("z", 3, 2), b.later(3, 4)
    h = b.gru(join(x, own, z), 5, name="h")
    y = b.dense(h[2:7], 3, name="d")
    b.bind(own, y[:-1])
    b.output(y)
    b.output(b.dense(h, 1), "all_steps")
    return b.build()


MASKED = """
model masked {
  length n {minimum=3, multiple=1}
  layer @words = embedding(features=4, mask=true, vocabulary=9) : 9 -> 4
  layer @memory = lstm(units=5, bidirectional=false) : 4 -> 5
  layer @asked = attention(memory=5, causal=false) : 5 -> 5
  layer @d = lstm(units=5, bidirectional=false) : 9 -> 5
  layer @e = gru(units=3, bidirectional=false) : 5 -> 3
  layer @out = dense(units=2, activation=sigmoid) : 3 -> 2
  input %ids : int32[n] {vocabulary=9}
  %ids = placeholder tokens() : int32[n]
  %words = apply @words(%ids) {begins_mask=true} : float32[n, 4]
  %memory = scan @memory(%words) {masks=[%words], uses=[sequence, final, state]} : float32[n, 5]
  %asked = attend @asked(concat_time([repeat(%memory.final, count=1), %d[0:+n - 1 of n]]), memory=%memory,
    memory_masks=[%memory])
    : float32[n, 5]
  %d = scan @d(concat_features([%words, %asked]), initial=passed_state(%memory)) {masks=[%words]} : float32[n, 5]
  %e = scan @e(%d) {masks=[%d], uses=[sequence, final]} : float32[n, 3]
  %y = apply @out(%e) {masks=[%e]} : float32[n, 2]
  %last = identity output(%e.final) : float32[3]
  %fed = scan @fed(concat_features([%y, pad(%fed[0:+n - 1 of n], before=1, after=0)]))
    {masks=[%y], uses=[sequence, final]} : float32[n, 4]
  %late = identity output(%fed.final) : float32[4]
  output %y : float32[n, 2]
  output %last : float32[3]
  output %late : float32[4]
  layer @fed = lstm(units=4, bidirectional=false) : 6 -> 4
}
"""


def masked() -> Graph:
    """Padded steps anywhere: states stay as they are, outputs are zero, attention leaves them out."""
    return parse(MASKED)


def headed() -> Graph:
    """Attention with heads to an outer memory up to the same step, and by a trained vector to all of it."""
    b = Builder("headed")
    units = b.parameter("units", 6)
    x, before = b.input("x", 4, 5), b.later(units, 5)
    memory = b.dense(x, units, name="memory")
    a = b.attention(before, memory, heads=2, name="a", causal=True)
    c = b.attention(before, memory, name="c", key=3, score="additive")
    d = b.apply("layernorm", b.merge(Combination.ADD, a, c, name="s"), name="n")
    h = b.rnn(concat(x, b.apply("dropout", d, rate=0.2, name="lost")), units, name="h", dropout=0.3)
    b.bind(before, delay(h))
    b.output(b.dense(h, 2), "y")
    return b.build()


def passed_on() -> Graph:
    """Earlier values that members pass on, and others read one step later again: two and three steps in all."""
    b = Builder("passed_on")
    x = b.input("x", 2, 6)
    y_before, p_before, q_before = (b.later(1, 6) for _ in range(3))
    p = b.add(Identity(y_before.expression), "output", "p", 6, 1)
    q = b.add(Identity(p_before.expression), "output", "q", 6, 1)
    h = b.dense(concat(p_before, x, q_before, p), 5, name="h", activation="tanh")
    y = b.dense(h, 1, name="y")
    for before, row in ((y_before, y), (p_before, p), (q_before, q)):
        b.bind(before, delay(row))
    b.output(y, "first")
    b.output(q, "second")
    return b.build()


KEYED = """
model keyed {
  length n {minimum=3, multiple=1}
  layer @words = embedding(features=4, mask=true, vocabulary=9) : 9 -> 4
  layer @memory = lstm(units=5, bidirectional=false) : 4 -> 5
  layer @keys = dense(units=5, activation=tanh) : 4 -> 5
  layer @asked = attention(memory=5, keys=5, causal=false) : 5 -> 5
  layer @seen = attention(memory=5, keys=5, causal=true) : 5 -> 5
  layer @d = gru(units=5, bidirectional=false) : 13 -> 5
  input %ids : int32[n] {vocabulary=9}
  input %x : float32[4, 3]
  %ids = placeholder tokens() : int32[n]
  %x = placeholder input() : float32[4, 3]
  %words = apply @words(%ids) {begins_mask=true} : float32[n, 4]
  %memory = scan @memory(%words) {masks=[%words]} : float32[n, 5]
  %keys = apply @keys(%words) : float32[n, 5]
  %steps = scan @steps(%x) : float32[4, 5]
  %others = apply @others(%x) : float32[4, 5]
  %asked = attend @asked(pad(%d[0:+3 of 4], before=1, after=0), memory=%memory, keys=%keys, memory_masks=[%memory])
    : float32[4, 5]
  %seen = attend @seen(pad(%d[0:+3 of 4], before=1, after=0), memory=%steps, keys=%others) : float32[4, 5]
  %d = scan @d(concat_features([%x, %asked, %seen])) : float32[4, 5]
  output %d : float32[4, 5]
  layer @steps = rnn(units=5, bidirectional=false) : 3 -> 5
  layer @others = dense(units=5) : 3 -> 5
}
"""


def keyed() -> Graph:
    """Attention that compares with other values than it sums: of all valid steps, and up to the same step."""
    return parse(KEYED)


CHOSEN = """
model chosen {
  layer @one = embedding(features=4, vocabulary=7) : 7 -> 4
  layer @two = embedding(features=3, vocabulary=7) : 7 -> 3
  layer @h = gru(units=5, bidirectional=false) : 7 -> 5
  layer @d = dense(units=7) : 5 -> 7
  layer @a = argmax() : 7 -> 1
  input %s : int32[] {vocabulary=7}
  %s = placeholder tokens() : int32[]
  %one = apply @one(concat_time([repeat(%s, count=1), %a[0:+4 of 5]])) : float32[5, 4]
  %two = apply @two(pad(%a[0:+3 of 5], before=2, after=0)) : float32[5, 3]
  %h = scan @h(concat_features([%one, %two])) : float32[5, 5]
  %d = apply @d(%h) : float32[5, 7]
  %a = apply @a(%d) : int32[5]
  output %h : float32[5, 5]
  output %a : int32[5]
}
"""


def chosen() -> Graph:
    """Ids that are chosen and looked up again: one step later from an id that is given, two steps from id 0."""
    return parse(CHOSEN)


LOOPS = (
    masked,
    fed_back,
    warmed_up,
    asking,
    alone,
    stacked,
    several,
    nested,
    prompted,
    looking_back,
    ended,
    passed_on,
    keyed,
    chosen,
)
