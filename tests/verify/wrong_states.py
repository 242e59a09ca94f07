"""Models whose state does not pass from call to call as the picture says, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

PICTURES: dict[str, str] = {
    "one-step": """
      Y      dense(3)
      |
   *--D--*   gru(4)
     /|
    y Z      input(2)
""",
}

WRONG: tuple[Wrong, ...] = (
    torch(
        "a last value that is ignored where each call is one step",
        "one-step",
        "dependence",
        ("y_state.unsqueeze(1), z", "torch.zeros_like(y_state).unsqueeze(1), z"),
    ),
    torch(
        "the value of the call before that goes on to the next but one",
        "one-step",
        "dependence",
        ("return y, h_n[0], y\n", "return y, h_n[0], y_state\n"),
    ),
    torch(
        "a state that is ignored",
        "state-in-and-out",
        "dependence",
        (", (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0)))", ")"),
    ),
    torch(
        "the two states of an LSTM exchanged as they come in",
        "state-in-and-out",
        "reference",
        (
            "(h_state_h.unsqueeze(0), h_state_c.unsqueeze(0))",
            "(h_state_c.unsqueeze(0), h_state_h.unsqueeze(0))",
        ),
    ),
    torch(
        "the two states of an LSTM exchanged as they go out",
        "state-in-and-out",
        "reference",
        ("h_n[0], c_n[0]", "c_n[0], h_n[0]"),
    ),
    torch(
        "the state that came in goes out again",
        "truncated-backpropagation",
        "dependence",
        ("h_n[0], c_n[0]", "h_state_h, h_state_c"),
    ),
    torch(
        "the state of the other row",
        "stream-denoiser",
        "dependence",
        ("self.gru_h(gru_g, h_state.unsqueeze(0))", "self.gru_h(gru_g, g_state.unsqueeze(0))"),
    ),
    torch(
        "a convolution that forgets what it read before",
        "keyword-spotting-stream",
        "dependence",
        (
            "torch.cat((f_state, spectrum), dim=1)",
            "torch.cat((torch.zeros_like(f_state), spectrum), dim=1)",
        ),
    ),
    torch(
        "a convolution that keeps its first steps",
        "keyword-spotting-stream",
        "dependence",
        ("conv_f_steps[:, -2:]", "conv_f_steps[:, :2]"),
    ),
    torch(
        "a convolution that keeps one step too early",
        "stream-dilated",
        "dependence",
        ("conv_b_steps[:, -2:]", "conv_b_steps[:, -3:-1]"),
    ),
    torch(
        "a state that is not what the next step reads",
        "state-in-and-out",
        "reference",
        ("h_n[0], c_n[0]", "h_n[0] * 1.01, c_n[0]"),
    ),
    torch(
        "a position that begins anew with each call",
        "stream-positions",
        "dependence",
        ("p_state[:, None] + torch", "0 * p_state[:, None] + torch"),
    ),
    torch(
        "a position that counts one step of each call only",
        "stream-positions",
        "reference",
        ("p_state + x.shape[1]", "p_state + 1"),
    ),
    keras(
        "a position that gives the number that it took",
        "stream-positions",
        "reference",
        ("(codes, first + steps)", "(codes, first)"),
    ),
    keras(
        "the state is not given to the layer",
        "state-from-the-last-call",
        "dependence",
        (", initial_state=[d_state]", ""),
    ),
    keras(
        "the two states of an LSTM exchanged as they come in",
        "truncated-backpropagation",
        "reference",
        ("initial_state=[h_state_h, h_state_c]", "initial_state=[h_state_c, h_state_h]"),
    ),
    keras(
        "the last output instead of the cell's own state",
        "state-to-the-next-model",
        "reference",
        ("state_h, state_c]", "state_h, state_h]"),
    ),
    keras(
        "a convolution that keeps the steps before its last ones",
        "keyword-spotting-stream",
        "dependence",
        ("conv_f_steps[:, -2:]", "conv_f_steps[:, -3:-1]"),
    ),
    torch(
        "the last output of the call before is forgotten",
        "truncated-feedback",
        "dependence",
        ("        y = y_state\n", "        y = torch.zeros_like(y_state)\n"),
    ),
    torch(
        "the first output goes to the next call, and not the last",
        "truncated-feedback",
        "dependence",
        ("y[:, -1]", "y[:, 0]"),
    ),
    torch(
        "the last tag goes out by one too large",
        "stream-own-tags",
        "reference",
        ("t[:, -1]", "(t[:, -1] + 1) % 9"),
    ),
    torch(
        "a window in a loop that keeps its first steps",
        "stream-narx",
        "dependence",
        ("return y, window[:, 1:]", "return y, window[:, :-1]"),
    ),
    keras(
        "the last output of the call before is forgotten",
        "truncated-feedback",
        "dependence",
        ("([y_state, ", "([ops.zeros_like(y_state), "),
    ),
    keras(
        "a window in a loop that begins empty",
        "stream-narx",
        "dependence",
        ("self.compute_dtype), e_state]", "self.compute_dtype), ops.zeros_like(e_state)]"),
    ),
    keras(
        "a model with `stateful=` that forgets its state",
        "truncated-backpropagation",
        "reference",
        ("        stateful=True,\n", ""),
        ("            layer.reset_states()\n", "            pass\n"),
    ),
    keras(
        "`reset_states` that resets nothing",
        "state-in-and-out",
        "reference",
        ("            layer.reset_states()\n", "            pass\n"),
    ),
)
