"""Models that apply another picture to grids or padded steps otherwise than drawn, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

WRONG: tuple[Wrong, ...] = (
    torch(
        "padded words that are read as data",
        "hierarchical-attention",
        "reference",
        (
            "run_valid(self.gru_h, embedding_w, mask)",
            "run_valid(self.gru_h, embedding_w, torch.ones_like(mask))",
        ),
    ),
    torch(
        "padded sentences that are read as data",
        "hierarchical-attention",
        "reference",
        ("run_valid(self.gru_g, sentence_s, mask)", "self.gru_g(sentence_s)"),
    ),
    torch(
        "attention to padded sentences: the mask ends between two levels",
        "hierarchical-attention",
        "reference",
        (
            "            gru_g,\n            gru_g,\n            attn_mask=some_valid(mask)[:, None],\n",
            "            gru_g,\n            gru_g,\n",
        ),
    ),
    torch(
        "a sentence that is padding as soon as one word is",
        "hierarchical-attention",
        "reference",
        ("(x != 0).any(dim=-1)", "(x != 0).all(dim=-1)"),
    ),
    torch(
        "sentences in the reverse order",
        "sentences-of-a-document",
        "reference",
        ("0, words.shape[:2])", "0, words.shape[:2]).flip(1)"),
    ),
    torch(
        "sentences of all samples that are told apart by the wrong axis",
        "sentences-of-a-document",
        "reference",
        (
            "self.line_s(words.flatten(0, 1))",
            "self.line_s(words.transpose(0, 1).flatten(0, 1))",
        ),
    ),
    keras(
        "a picture with weights of its own for each step",
        "video-frame-encoder",
        "parameters",
        (
            'layers.TimeDistributed(build_frame(filters=5, name="frame_f"))(frames)',
            'keras.ops.stack(\n        [build_frame(filters=5, name=f"frame_{i}")(frames[:, i]) for i in range(4)],\n'
            "        axis=1,\n    )",
        ),
    ),
    keras(
        "padding in front of a word that is read as data",
        "words-by-character-convolution",
        "reference",
        (
            "mask = ops.not_equal(x, 0)",
            'mask = ops.flip(ops.cumsum(ops.cast(ops.flip(ops.not_equal(x, 0), 1), "int32"), 1), 1) > 0',
        ),
    ),
    torch(
        "a block that is called without its mask",
        "padded-text-transformer",
        "reference",
        (
            "self.encoder_block_r(add_e, mask)",
            "self.encoder_block_r(add_e, torch.ones_like(mask))",
        ),
    ),
    keras(
        "a mask that says where padding is, for a block that takes where data is",
        "padded-text-transformer",
        "reference",
        ("([add_e, mask])", "([add_e, ops.logical_not(mask)])"),
    ),
    torch(
        "a mask that the first block does not hand on to the second",
        "padded-text-transformer",
        "reference",
        (
            "self.encoder_block_s(encoder_block_r, mask)",
            "self.encoder_block_s(encoder_block_r, torch.ones_like(mask))",
        ),
    ),
    torch(
        "frames of padding by their first place alone",
        "video-masked-frames",
        "reference",
        ("(frames != 0).any(dim=(-3, -2, -1))", "(frames != 0)[..., 0, 0].any(dim=-1)"),
    ),
)
