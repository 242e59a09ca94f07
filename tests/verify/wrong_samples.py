"""Models that draw something else than the picture, and what must catch them."""

from __future__ import annotations

from tests.verify.wrong_models import Wrong, keras, torch

WRONG: tuple[Wrong, ...] = (
    torch(
        "ids that are chosen instead of drawn",
        "char-sampled",
        "reference",
        ("torch.multinomial(weights.flatten(0, -2), 1)", "weights.flatten(0, -2).argmax(dim=-1)"),
    ),
    keras(
        "a temperature that is ignored",
        "char-sampled",
        "reference",
        ("logits / self.temperature + noise", "logits + noise"),
    ),
    torch(
        "a softmax that is taken twice",
        "char-sampled",
        "reference",
        ("torch.softmax(x / self.", "torch.softmax(torch.softmax(x, dim=-1) / self."),
    ),
    torch(
        "a temperature that multiplies",
        "char-sampled",
        "reference",
        ("softmax(x / self.temperature", "softmax(x * self.temperature"),
    ),
    torch(
        "a variance instead of a deviation",
        "forecast-sampled",
        "reference",
        ("deviation * torch.randn_like(mean)", "deviation**2 * torch.randn_like(mean)"),
    ),
    keras(
        "a mean that is not drawn around",
        "forecast-sampled",
        "reference",
        ("mean + deviation * noise", "mean + 0.0 * deviation * noise"),
    ),
)
