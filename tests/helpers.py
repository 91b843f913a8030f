"""What several tests share: every explorer and kind of picture, a reader at random, and sums by plain loops."""

import asyncio
import itertools
import re
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets import widget

from qkvlib import explorers
from qkvlib.explorers.base import Explorer, SentenceExplorer
from qkvlib.explorers.predict import Predict, predictions
from qkvlib.text.handmade import KNOWN, W_k, W_q, W_v
from qkvlib.views import board
from qkvlib.views.look import module_of, plain

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/[0-9]*.ipynb"))
VIEWS = Path(board.__file__).parent
LIVE = sorted(path.stem for path in VIEWS.glob("*.js") if path.stem not in ("board", *board.SHARED))
KINDS = sorted(path.stem for path in VIEWS.glob("*.py") if "\ndef draw(" in path.read_text(encoding="utf-8"))

MODULES = [import_module(f"{explorers.__name__}.{module.name}") for module in iter_modules(explorers.__path__)]
EXPLORERS = [
    made
    for module in MODULES
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Explorer) and made.__module__ == module.__name__
    if hasattr(made, "name") and made is not Predict
]
LESSONS = list(predictions())
SENTENCE = {"en": "I go to school", "ja": "私は 学校 へ 行く"}  # of the lessons
TYPED = [  # of some use in one explorer or another, in one language or the other
    "I go to school",
    "the cat saw the dog",
    "彼女は 図書館 で 読む",
    "pizza 🎒 שלום $x$ <b>",
    "go",
    " ".join(["walk", "home"] * 10),
    "I sit on the bank of the river",
    "川 に かかる はし を 渡る",
    "Ann eats home now",
    "犬 歌う 駅",
    "",
    "I " * 70,
]

each_explorer = pytest.mark.parametrize("make", EXPLORERS, ids=lambda make: make.name)
each_with_a_sentence = pytest.mark.parametrize(
    "make", [make for make in EXPLORERS if issubclass(make, SentenceExplorer)], ids=lambda make: make.name
)
each_lesson = pytest.mark.parametrize("lesson", LESSONS)
each_panel = pytest.mark.parametrize("made", [*EXPLORERS, *LESSONS], ids=lambda made: getattr(made, "name", made))


def panel(made):
    """An explorer, or the prediction of a lesson with its answer shown."""
    if made in EXPLORERS:
        return made()
    question = Predict(made)
    question.controls["choice"].value = question.prediction.right
    return question


def panels():
    """Every one of them."""
    return map(panel, [*EXPLORERS, *LESSONS])


# Pictures

SCRIPTS = ["I", "go", "私は", "学校", "へ", "行く", "שלום", "مدرسة", "🎒", "👩\u200d🏫", "ẹ\u0330́̈", "（笑）"]
SIGNS = ["$x$", "$\\frac{", "a_b^c", "\\alpha", "100%", "<b>x</b>", "<script>", "x y  z"]
WORDS = [*SCRIPTS, *SIGNS, "international", "図書館" * 8]


def sample(kind, rng, n, words=WORDS):
    """A random picture of n tokens (keys, bars, points, …), no text twice, by the test of its kind, found by its name.

    That is test_x.py, which has a `sample(rng, word, n)`.
    """
    shuffled = [str(word) for word in rng.permutation(words)]
    texts = (word + "'" * turn for turn in itertools.count() for word in shuffled)
    return import_module(f"test_{kind}").sample(rng, lambda: next(texts), n)


# A reader


def random_moves(explorer, rng, n):
    """Make n moves as a reader could, one after each `next`; gives what was done, in words."""
    for _ in range(n):
        kind = rng.choice(["control", "control", "picture", "button"])
        yield {"control": move_control, "picture": choose, "button": press}[kind](explorer, rng)


def move_control(explorer, rng, but=()):
    """Move one of the controls to a random value."""
    names = [name for name in explorer.controls if name not in but]
    if not names:
        return "nothing"
    name = names[rng.integers(len(names))]
    control = explorer.controls[name]
    match control:
        case ipywidgets.Text() | ipywidgets.Textarea():
            control.value = TYPED[rng.integers(len(TYPED))]
        case ipywidgets.Checkbox():
            control.value = not control.value
        case ipywidgets.FloatSlider() | ipywidgets.FloatLogSlider():
            control.value = round(rng.uniform(*limits(control)), 3)
        case ipywidgets.IntSlider():
            control.value = int(rng.choice(range(control.min, control.max + 1, control.step)))
        case ipywidgets.Dropdown() | ipywidgets.RadioButtons():
            control.index = int(rng.integers(len(control.options)))
        case _:
            raise TypeError(f"{name} is a {type(control).__name__}: say in move_control of helpers.py how it is moved")
    return f"{name}: {control.value!r}"


def limits(slider):
    """The least and the largest value."""
    base = getattr(slider, "base", None)
    return (base**slider.min, base**slider.max) if base else (slider.min, slider.max)


def choose(explorer, rng):
    """Choose or move something on a random picture, as the page asks for it."""
    asking = [name for name, picture in pictures(explorer).items() if picture["asks"]]
    if not asking:
        return "nothing"
    name = asking[rng.integers(len(asking))]
    changes = choice(pictures(explorer)[name], rng)
    ask(explorer, picture=name, changes=changes)
    return f"{name}: {changes}"


def choice(picture, rng):
    """The changes for something that can be chosen on a picture: whatever fits it."""
    fits = module_of(picture).fits
    some = {"value": lambda: round(rng.uniform(), 2), "tip": lambda: [index(), *rng.uniform(-5, 5, 2).tolist()]}

    def index():
        return int(rng.integers(rng.choice([1, 4, 16, 64, 512])))

    while True:
        changes = {name: some.get(name, index)() for name in [*signature(fits).parameters][1:]}
        if fits(picture, **changes):
            return changes


def press(explorer, rng):
    """Press a preset or Reset."""
    name = list(explorer.buttons)[rng.integers(len(explorer.buttons))]
    explorer.buttons[name].click()
    return name


def ask(explorer, **asked):
    """As the page does: a choice on a picture (picture, changes), or a number typed at a slider (control, typed)."""
    explorer.board.asked = {**asked, "serial": explorer.board.asked.get("serial", 0) + 1}


def finish(explorer):
    """Start the long work of an explorer, and wait for its end."""

    async def run():
        await explorer.start()

    asyncio.run(run())


# What a panel shows


def pictures(explorer):
    """The pictures that the page has."""
    return explorer.board.scene["pictures"]


def values(explorer):
    """What the controls show."""
    return {name: control.value for name, control in explorer.controls.items()}


def stands(explorer):
    """All that must stay where nothing may change; `is` tells the objects apart."""
    return explorer.state, explorer.result, explorer.board.scene, explorer.messages, values(explorer)


def same(before, after):
    """Whether all of it stayed."""
    return all(one is other for one, other in zip(before[:-1], after[:-1], strict=True)) and before[-1] == after[-1]


def scenes(explorer):
    """A list that grows by what the page gets."""
    got = []
    explorer.board.observe(lambda change: got.append(change.new), "scene")
    return got


def n_widgets():
    """How many widgets are open."""
    return len(widget._instances)


def words_of_length(n, some=("I", "go", "to", "school", "teacher", "the", "library", "cat")):
    """A sentence of n words."""
    return " ".join(itertools.islice(itertools.cycle(some), n))


def shown(value):
    """A number as a picture shows it, worked out here anew."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def to_float(text):
    """The number that a text shows."""
    return float(text.replace("−", "-").replace("-∞", "-inf"))


def line(explorer):
    """The line of arithmetic, in words."""
    return plain(pictures(explorer)["arithmetic"])


def worth(explorer):
    """What each side of the line of arithmetic comes to, worked out anew, without the name before the first `=`."""
    _, *sides = line(explorer).split(" = ")
    signs = {"−": "-", "×": "*", "÷": "/", "e^": "np.e**"}
    found = []
    for side in sides:
        for sign, written in signs.items():
            side = side.replace(sign, written)
        side = re.sub(r"√(\d+)", r"\1**0.5", side)
        found.append(np.array(eval(re.sub(r"\((-?[\d.]+, -?[\d.]+)\)", r"np.array([\1])", side))))
    return found


def agree(texts, values):
    """The texts are the values with two decimals; which way a tie such as 1.545 is rounded is not said."""
    texts = list(texts)
    assert all(len(text.partition(".")[2]) == 2 for text in texts)
    assert [to_float(text) for text in texts] == pytest.approx(np.ravel(values), abs=0.005 + 1e-9)
    return True


# Notebooks


def solved(notebook):
    """The cell of a lesson's exercise, with the folded solution in place of the gap."""
    cells = {cell.id: cell.source for cell in notebook.cells}
    solution = re.fullmatch(
        r"<details><summary>.+</summary>\n\n```python\n(.+?)```\n\n.+</details>", cells["solution"], re.S
    )
    return f"{solution[1]}\n\n{re.search(r'^qkvlib.check_.*', cells['exercise'], re.M)[0]}"


# The lessons' sums, entry by entry


def product(X, W):
    """X @ W."""
    return [[sum(x[m] * W[m][j] for m in range(len(W))) for j in range(len(W[0]))] for x in X]


def shares(scores, looks=lambda j: True):
    """The softmax of a row of which some may be looked at."""
    exps = [np.exp(score) if looks(j) else 0.0 for j, score in enumerate(scores)]
    return [exp / sum(exps) for exp in exps]


def by_loops(sentence, mask="none", queries=None, keys=None, values=None, matrices=(W_q, W_k, W_v)):
    """Every matrix of attention for a sentence of known words, with the reader's own vectors where there are any."""
    tokens = [token.casefold() for token in sentence.split()]
    X, n = [KNOWN[token] for token in tokens], len(tokens)
    made = [
        [list((own or {}).get(token, row)) for token, row in zip(tokens, product(X, W), strict=True)]
        for own, W in zip((queries, keys, values), matrices, strict=True)
    ]
    Q, K, V = made
    scores = [[sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K] for q in Q]
    weights = [shares(scores[i], lambda j, i=i: mask == "none" or j <= i) for i in range(n)]
    found = {"X": X, "Q": Q, "K": K, "V": V, "scores": scores, "weights": weights, "output": product(weights, V)}
    return {name: np.array(matrix, dtype=float) for name, matrix in found.items()}


def overlapping(ax):
    """The pairs of texts on a drawn still picture that overlap."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    pairs = itertools.combinations(boxes, 2)
    return [(said, other) for (said, box), (other, second) in pairs if box.overlaps(second)]
