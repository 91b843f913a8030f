"""The writer of names again, in PyTorch: `uv run tests/independent/writer.py` makes writer.json, which a test reads.

It shares nothing with the library: heads are cut out of one wide product, attention, norm, loss and gradients are
PyTorch's own. PyTorch stays out of what the project needs, so this script asks for it itself.
"""
# /// script
# dependencies = ["torch>=2.4", "numpy>=2"]
# ///

import json
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, rms_norm, scaled_dot_product_attention

N_LETTERS, LENGTH, WIDTH, N_HEADS, N_INNER = 4, 5, 6, 2, 10
NAMES = [[1, 3, 3, 0, 0], [2, 0, 0, 0, 0], [3, 1, 2, 1, 0]]
SHAPES = {"letters": (N_LETTERS, WIDTH), "positions": (LENGTH, WIDTH), "W_1": (WIDTH, N_INNER), "W_2": (N_INNER, WIDTH)}
SHAPES |= dict.fromkeys(["W_q", "W_k", "W_v", "W_o"], (WIDTH, WIDTH)) | {"W_u": (WIDTH, N_LETTERS)}


def logits(p, names, causal):
    """One name at a time, without anything that fills it up."""
    before = torch.tensor([0, *names])
    n = len(before)
    x = p["letters"][before] + p["positions"][:n]
    y = rms_norm(x, (WIDTH,), eps=1e-5)
    q, k, v = ((y @ p[name]).reshape(n, N_HEADS, -1).transpose(0, 1) for name in ("W_q", "W_k", "W_v"))
    heads = scaled_dot_product_attention(q, k, v, is_causal=causal)
    x = x + heads.transpose(0, 1).reshape(n, WIDTH) @ p["W_o"]
    x = x + torch.relu(rms_norm(x, (WIDTH,), eps=1e-5) @ p["W_1"]) @ p["W_2"]
    return rms_norm(x, (WIDTH,), eps=1e-5) @ p["W_u"]


def by_head(name, values):
    """As the library has it: W_q, W_k and W_v (n_heads, width, d_k), W_o (n_heads, d_k, width)."""
    if name in ("W_q", "W_k", "W_v"):
        return values.reshape(WIDTH, N_HEADS, -1).transpose(0, 1).tolist()
    return values.reshape(N_HEADS, -1, WIDTH).tolist() if name == "W_o" else values.tolist()


torch.manual_seed(0)
parameters = {name: torch.randn(shape, dtype=torch.float64).round(decimals=2) for name, shape in SHAPES.items()}
stored = {"names": NAMES, "parameters": {name: by_head(name, values) for name, values in parameters.items()}}
for values in parameters.values():
    values.requires_grad_()
for causal in (True, False):
    names = [name[: name.index(0)] for name in NAMES]
    found = torch.cat([logits(parameters, name, causal) for name in names])
    loss = cross_entropy(found, torch.tensor([letter for name in names for letter in (*name, 0)]))
    gradients = torch.autograd.grad(loss, [*parameters.values()])
    stored["causal" if causal else "seeing"] = {
        "loss": loss.item(),
        "logits": found.tolist(),
        "gradients": {name: by_head(name, d) for name, d in zip(parameters, gradients, strict=True)},
    }
Path(__file__).with_suffix(".json").write_text(json.dumps(stored) + "\n")
