"""Weights and values of lesson 04 without a browser: sums by loops, the hull by brute force, and what readers do."""

import itertools
import re

import numpy as np
import pytest
from test_explorers import pictures, scenes

from qkvlib import KNOWN, MixingExplorer, W_k, W_q, W_v, words
from qkvlib.explorers.mixing import State, compute, give_way
from qkvlib.views.plane import SMALLEST, hull

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]

SENTENCE = {"en": "I go to school", "ja": "私は 学校 へ 行く"}
AWKWARD = {
    "as the lesson starts": {},
    "identical": {"values": dict.fromkeys(["i", "go", "to", "school"], (0.5, -0.5))},
    "all zero": {"values": dict.fromkeys(["i", "go", "to", "school"], (0.0, 0.0))},
    "on a line": {"values": {"i": (-1.0, -2.0), "go": (0.5, 1.0), "to": (1.0, 2.0), "school": (0.0, 0.0)}},
    "upright": {"values": {"i": (0.3, -2.0), "go": (0.3, 1.0), "to": (0.3, 2.0), "school": (0.3, 0.3)}},
    "far apart": {"values": {"i": (-1e6, 3.0), "go": (0.0, 1e-3)}, "weights": (0.1, 0.2, 0.3, 0.4)},
    "only one counts": {"weights": (0.0, 0.0, 7.0, 0.0)},
    "one token": {"sentence": "school"},
    "a repeated word": {"sentence": "the cat saw the dog", "values": {"the": (0.5, 0.5)}},
    "64 tokens": {"sentence": " ".join(["zig", "go", "the", "park"] * 16)},
}


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def ask(explorer, picture, **changes):
    """As the page does when something on a picture is moved."""
    serial = explorer.board.asked.get("serial", 0) + 1
    explorer.board.asked = {"picture": picture, "changes": changes, "serial": serial}


def to_float(text):
    return float(text.replace("−", "-"))


def stands(explorer):
    return explorer.state, explorer.result, pictures(explorer)


def same(before, after):
    return all(one is other for one, other in zip(before, after, strict=True))


def through(x, W):
    return [sum(x[m] * W[m, j] for m in range(len(x))) for j in range(W.shape[1])]


def expected(sentence, row, values=None, weights=None):
    """Values, weights and output with plain loops, entry by entry."""
    X = [KNOWN[token.casefold()] for token in sentence.split()]
    own = values or {}
    V = [own.get(token.casefold(), through(x, W_v)) for token, x in zip(sentence.split(), X, strict=True)]
    if weights is None:
        q = through(X[row], W_q)
        weights = [np.exp(sum(a * b for a, b in zip(q, through(x, W_k), strict=True)) / 3**0.5) for x in X]
    weights = [weight / sum(weights) for weight in weights]
    return V, weights, [sum(weight * v[axis] for weight, v in zip(weights, V, strict=True)) for axis in range(2)]


def is_inside(point, points):
    """No straight line parts the point from the points: checked for lines along each pair of points, and across it."""
    points, size = np.asarray(points), np.abs(points).max() + 1
    directions = [b - a for a, b in itertools.combinations(np.unique(points, axis=0), 2)] + [np.array([1.0, 0.0])]
    for x, y in directions:
        for normal in ([x, y], [-y, x]):
            along = points @ normal / np.hypot(x, y)
            if not along.min() - 1e-9 * size <= point @ np.array(normal) / np.hypot(x, y) <= along.max() + 1e-9 * size:
                return False
    return True


# The arithmetic


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("I go to school", {}),
        ("the cat saw the dog", {"values": {"the": (0.7, -0.4)}}),
        ("学校 へ 行く", {"weights": (3, 1, 0)}),
        ("go", {"values": {"go": (-2.0, 5.0)}, "weights": (0.1,)}),
        ("She and the friend read in the park", {"weights": (1,) * 8}),
    ],
)
def test_every_number_is_that_of_plain_loops(sentence, changes):
    explorer = MixingExplorer(sentence=sentence, **changes)
    for row, token in enumerate(sentence.split()):
        explorer.controls["row"].value = row
        V, weights, output = expected(sentence, row, **changes)
        assert np.allclose(explorer.result.V, V)
        assert explorer.result.weights == pytest.approx(weights)
        assert explorer.result.output == pytest.approx(output)
        parts = [[weight * x, weight * y] for weight, (x, y) in zip(weights, V, strict=True)]
        shown = [
            [to_float(number) for number in re.findall(r"−?\d+\.\d+", " ".join(line[1:]))]
            for line in pictures(explorer)["terms"]["rows"]
        ]
        lines = [[w, *v, *part, np.hypot(*part)] for w, v, part in zip(weights, V, parts, strict=True)]
        assert shown == pytest.approx(np.array(lines), abs=0.00501)
        [(label, total)] = pictures(explorer)["terms"]["foot"]
        assert [to_float(number) for number in total.strip("()").split(",")] == pytest.approx(output, abs=0.00501)
        assert token in label
        plane = pictures(explorer)["plane"]
        assert np.array(plane["steps"]) == pytest.approx(np.cumsum([[0, 0], *parts], axis=0))
        assert plane["output"] == pytest.approx(output)
        assert plane["before"] == row
        assert token in plane["title"]


def test_weights_always_sum_to_one(rng):
    """One weight is set; the others keep their proportions."""
    for _ in range(500):
        n = rng.integers(2, 20)
        weights = rng.dirichlet(np.full(n, rng.choice([0.1, 1, 10])))
        i, value = rng.integers(n), rng.choice([0, 1, rng.random()])
        after = np.array(give_way(weights, i, value))
        assert after.sum() == pytest.approx(1)
        assert (after >= 0).all()
        assert after[i] == value
        others, before = np.delete(after, i), np.delete(weights, i)
        assert others * before.sum() == pytest.approx(before * (1 - value))


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_weights_that_were_all_zero_share_what_is_left(value):
    left = (1 - value) / 3
    assert give_way(np.array([0, 0, 1.0, 0]), 2, value) == pytest.approx((left, left, value, left))
    assert give_way(np.array([1.0]), 0, value) == (1.0,)


@pytest.mark.parametrize("state", AWKWARD.values(), ids=AWKWARD)
def test_the_sliders_keep_the_sum_at_one(state, rng):
    explorer = MixingExplorer(**state)
    got, n = scenes(explorer), len(explorer.result.weights)
    for count in range(1, 9):
        bar, value = int(rng.integers(n)), [0.0, 1.0, 0.37, 0.99][count % 4]
        ask(explorer, "weights", bar=bar, value=value)
        assert explorer.messages == {}
        assert explorer.result.weights.sum() == pytest.approx(1)
        assert explorer.result.weights[bar] == pytest.approx(value if n > 1 else 1)
        assert explorer.controls["from_qk"].value is False
        assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.hand")
        assert len(got) <= count
    ask(explorer, "weights", bar=0, value=1.0)
    assert explorer.result.weights.tolist() == [1.0] + [0.0] * (n - 1)
    assert explorer.result.output == pytest.approx(explorer.result.V[0])


# The output stays among the values


def some_points(rng):
    """Points in general, on a line, on a grid, twice the same."""
    n = rng.integers(1, 9)
    yield rng.normal(size=(n, 2)) * rng.choice([1e-3, 1, 1e4])
    yield rng.normal(size=(n, 1)) * rng.normal(size=2) + rng.normal(size=2)
    yield rng.integers(-2, 3, size=(n, 2)).astype(float)
    yield np.repeat(rng.normal(size=(1, 2)), n, axis=0)
    yield np.stack([np.zeros(n), rng.integers(-3, 4, size=n)], axis=1)


def test_the_oracle_of_inside_is_right():
    square = [[0, 0], [2, 0], [2, 2], [0, 2]]
    assert [is_inside(np.array(point), square) for point in ([1, 1], [2, 0.5], [2.01, 1], [-1, -1])] == [1, 1, 0, 0]
    line = [[0, 0], [1, 1], [2, 2]]
    assert [is_inside(np.array(point), line) for point in ([0.3, 0.3], [2.1, 2.1], [1, 1.1])] == [1, 0, 0]
    assert [is_inside(np.array(point), [[3, 4], [3, 4]]) for point in ([3, 4], [3, 4.1], [2.9, 4])] == [1, 0, 0]


def test_the_output_never_leaves_the_hull_of_the_values(rng):
    tokens = ["i", "go", "to", "school", "dog", "cat", "park", "home"]
    for _ in range(40):
        for points in some_points(rng):
            own = dict(zip(tokens, points.tolist(), strict=False))
            weights = rng.dirichlet(np.full(len(points), 0.3))
            result = compute(State(" ".join(own), 0, own, tuple(weights * rng.choice([0.01, 1, 50]))))
            assert np.array_equal(result.V, points)
            assert is_inside(result.output, points)
            assert is_inside(result.output, hull(points))


@pytest.mark.parametrize("state", AWKWARD.values(), ids=AWKWARD)
def test_no_slider_and_no_row_leads_out_of_the_hull_that_is_drawn(state, rng):
    explorer = MixingExplorer(**state)
    n = len(explorer.result.weights)
    for row in range(min(n, 6)):
        explorer.set(row=row, weights=state.get("weights"))
        assert is_inside(explorer.result.output, pictures(explorer)["plane"]["hull"])
        ask(explorer, "weights", bar=row, value=float(rng.random()))
        assert is_inside(explorer.result.output, pictures(explorer)["plane"]["hull"])
        assert pictures(explorer)["plane"]["values"] == explorer.result.V.tolist()


def corners_by_brute_force(points):
    """All points on one side of the line through two, nothing farther out on the line: both are corners."""
    points, found = np.unique(points, axis=0), set()
    if len(points) < 3:
        return {*map(tuple, points.tolist())}
    for a, b in itertools.permutations(points, 2):
        turns = [(b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0] for c in points]
        on_line = [float((c - a) @ (b - a)) for c, turn in zip(points, turns, strict=True) if turn == 0]
        if min(turns) >= 0 and min(on_line) >= 0 and max(on_line) <= (b - a) @ (b - a):
            found |= {tuple(a.tolist()), tuple(b.tolist())}
    return found


def test_the_hull_has_the_corners_that_brute_force_finds(rng):
    """On a grid, where the arithmetic is exact."""
    for span in (1, 2, 3, 20):
        for _ in range(120):
            points = rng.integers(-span, span + 1, size=(rng.integers(1, 12), 2)).astype(float)
            corners = hull(points)
            assert {*map(tuple, corners.tolist())} == corners_by_brute_force(points)
            assert len(np.unique(corners, axis=0)) == len(corners)
            if len(corners) > 2:  # counterclockwise, and strictly convex
                a, b, c = corners, np.roll(corners, -1, axis=0), np.roll(corners, -2, axis=0)
                turn = (b - a)[:, 0] * (c - b)[:, 1] - (b - a)[:, 1] * (c - b)[:, 0]
                assert (turn > 0).all()


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([[1, 2]], [[1, 2]]),
        ([[1, 2]] * 5, [[1, 2]]),
        ([[3, 1], [1, 2]], [[1, 2], [3, 1]]),
        ([[0, 0], [2, 2], [1, 1], [1, 1]], [[0, 0], [2, 2]]),
        ([[0, 3], [0, -1], [0, 0]], [[0, -1], [0, 3]]),
        ([[0, 0], [1, 0], [2, 0], [2, 2], [0, 2], [1, 1], [2, 2]], [[0, 0], [2, 0], [2, 2], [0, 2]]),
    ],
)
def test_a_hull_of_few_points_or_of_a_line(points, corners):
    assert hull(points).tolist() == corners


# Values


def test_a_moved_tip_leaves_the_weights_and_moves_the_output(language):
    """By the weight of its token, exactly."""
    tokens = SENTENCE[language].split()
    for row, i in itertools.product(range(4), repeat=2):
        explorer = MixingExplorer(row=row)
        before, got = explorer.result, scenes(explorer)
        ask(explorer, "plane", tip=[i, 0.4, -0.8])
        assert len(got) == 1
        assert np.array_equal(explorer.result.weights, before.weights)
        assert explorer.state.weights is None
        assert explorer.state.values == {tokens[i].casefold(): (0.4, -0.8)}
        assert np.array_equal(np.delete(explorer.result.V, i, axis=0), np.delete(before.V, i, axis=0))
        moved = before.weights[i] * (np.array([0.4, -0.8]) - before.V[i])
        assert explorer.result.output - before.output == pytest.approx(moved)
        assert np.abs(moved).max() > 0.01


def test_a_tip_is_moved_by_hundredths_and_counts_wherever_the_word_stands():
    explorer = MixingExplorer(sentence="The cat saw the, dog")
    before = explorer.result
    ask(explorer, "plane", tip=[3, 0.123456, -1.98765])
    assert explorer.result.V[[0, 3]].tolist() == [[0.12, -1.99]] * 2
    assert np.array_equal(explorer.result.V[[1, 2, 4]], before.V[[1, 2, 4]])
    ask(explorer, "plane", tip=[1, 5, 5])
    assert explorer.state.values == {"the": (0.12, -1.99), "cat": (5, 5)}
    explorer.controls["sentence"].value = "dog"
    explorer.controls["sentence"].value = "a cat"
    assert explorer.result.V[1].tolist() == [5, 5]


def test_tips_and_bars_leave_each_other_alone(language):
    explorer = MixingExplorer(row=2)
    ask(explorer, "weights", bar=1, value=0.5)
    weights = explorer.result.weights
    ask(explorer, "plane", tip=[1, -1, -1])
    assert explorer.result.weights == pytest.approx(weights, abs=1e-15)
    ask(explorer, "weights", bar=1, value=0.25)
    assert explorer.result.V[1].tolist() == [-1, -1]
    assert (explorer.result.row, explorer.controls["row"].value) == (2, 2)


def test_values_of_length_zero_are_drawn_and_bring_nothing_home(language):
    tokens = SENTENCE[language].split()
    explorer = MixingExplorer(values={token.casefold(): (0, 0) for token in tokens})
    assert explorer.messages == {}
    plane = pictures(explorer)["plane"]
    assert plane["output"] == [0, 0]
    assert plane["hull"] == [[0, 0]]
    assert (plane["radius"], plane["note"]) == (SMALLEST, "")
    assert {line[-1] for line in pictures(explorer)["terms"]["rows"]} == {"0.00"}
    assert "image/png" in explorer._repr_mimebundle_()


@pytest.mark.parametrize("far", [1.19, 1.2, 3.0, 7.0, 99.0, 12_345.0, 1e7])
@pytest.mark.parametrize("axis", [0, 1])
def test_the_scale_follows_the_longest_arrow_and_says_so(far, axis, language):
    explorer = MixingExplorer()
    assert pictures(explorer)["plane"]["radius"] == SMALLEST
    tip = [0.1, 0.1]
    for sign in (1, -1):
        tip[axis] = sign * far
        ask(explorer, "plane", tip=[1, *tip])
        plane = pictures(explorer)["plane"]
        assert explorer.messages == {}
        assert max(SMALLEST, far) <= plane["radius"] <= max(SMALLEST, 2.1 * far)
        assert np.abs([*plane["values"], *plane["steps"], plane["output"]]).max() <= plane["radius"]
        assert 0 < plane["tick"] < plane["radius"]
        grown = plane["radius"] > SMALLEST
        assert grown == (far > 1.19)
        assert plane["note"] == (words.text("plane.scale", radius=f"{plane['radius']:g}") if grown else "")
    explorer.buttons["reset"].click()
    assert (pictures(explorer)["plane"]["radius"], pictures(explorer)["plane"]["note"]) == (SMALLEST, "")


# Who asks, and where the weights come from


def test_weights_come_from_q_and_k_or_stay_as_they_are_by_hand(language):
    explorer = MixingExplorer()
    got, from_qk = scenes(explorer), explorer.result.weights
    assert explorer.controls["from_qk"].value is True
    assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.qk")

    explorer.controls["from_qk"].value = False
    assert explorer.result.weights == pytest.approx(from_qk)
    assert explorer.state.weights is not None
    assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.hand")
    explorer.controls["row"].value = 3
    assert explorer.result.weights == pytest.approx(from_qk)

    explorer.controls["from_qk"].value = True
    assert explorer.state.weights is None
    assert explorer.result.weights == pytest.approx(expected(SENTENCE[language], 3)[1])
    assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.qk")
    assert len(got) == 3


def test_weights_by_hand_are_divided_by_their_sum():
    explorer = MixingExplorer(weights=(2, 6, 0, 8))
    assert explorer.result.weights.tolist() == [0.125, 0.375, 0, 0.5]
    assert explorer.controls["from_qk"].value is False
    assert pictures(explorer)["weights"]["texts"] == ["0.12", "0.38", "0.00", "0.50"]
    assert pictures(explorer)["weights"]["editable"] is True


@pytest.mark.parametrize("weights", [None, (0, 0.5, 0, 0.5)])
def test_the_choice_of_who_asks_follows_the_sentence(weights, language):
    explorer = MixingExplorer(weights=weights, row=3)
    got = scenes(explorer)
    for count, sentence in enumerate(["the cat saw the dog", "go", "a b c d e f g h i j k l m n o p q"], 1):
        explorer.controls["sentence"].value = sentence
        tokens = sentence.split()
        options = [(f"{i + 1} {token}", i) for i, token in enumerate(tokens)]
        assert [*explorer.controls["row"].options] == options
        assert explorer.controls["row"].value == explorer.result.row == min(3, len(tokens) - 1)
        assert explorer.controls["from_qk"].value is True  # weights by hand would fit no other sentence
        assert explorer.result.weights == pytest.approx(compute(State(sentence, 3)).weights)
        assert explorer.messages == {}
        assert len(got) == count


def test_a_repeated_word_asks_and_is_labelled_in_each_place(language):
    explorer = MixingExplorer(sentence="the cat saw the dog")
    shown = [pictures(explorer)[name]["labels"] for name in ("plane", "weights")]
    assert shown == [["the", "cat", "saw", "the", "dog"]] * 2
    explorer.set(row=0)
    first = explorer.result
    explorer.set(row=3)
    assert np.array_equal(explorer.result.weights, first.weights)
    assert pictures(explorer)["plane"]["before"] == 3
    ask(explorer, "weights", bar=3, value=0.9)
    assert explorer.result.weights[0] != explorer.result.weights[3] == pytest.approx(0.9)


def test_the_row_stays_within_the_sentence():
    for row, inside in ((-3, 0), (99, 3)):
        explorer = MixingExplorer(row=row)
        assert explorer.messages == {}
        assert explorer.result.row == explorer.controls["row"].value == inside


@pytest.mark.parametrize("n", [1, 2, 16, 17, 64])
def test_from_1_to_64_tokens_everything_can_be_moved(n, language):
    tokens = [*itertools.islice(itertools.cycle([*SENTENCE[language].split(), "zig"]), n)]
    explorer = MixingExplorer(row=n - 1)
    explorer.controls["sentence"].value = " ".join(tokens) if n > 1 else "行く"
    tokens = explorer.result.sentence.tokens
    assert (len(tokens), len(explorer.controls["row"].options)) == (n, n)
    plane = pictures(explorer)["plane"]
    assert [tip for tip in plane["tips"] if tip] == (tokens[:5] if n <= 16 else [])  # a repeated word is named once
    assert len(plane["values"]) == len(plane["offsets"]) == len(plane["steps"]) - 1 == n
    ask(explorer, "weights", bar=n - 1, value=0.5)
    ask(explorer, "plane", tip=[n - 1, 0.5, 0.5])
    assert explorer.messages == {}
    assert explorer.result.weights.sum() == pytest.approx(1)
    text = explorer._repr_mimebundle_()["text/plain"]
    assert all(f"{token} " in text for token in tokens)


# Buttons


def test_presets_show_what_they_say(language):
    explorer = MixingExplorer()
    explorer.buttons["equal"].click()
    assert explorer.result.output == pytest.approx(explorer.result.V.mean(axis=0))
    assert {*pictures(explorer)["weights"]["texts"]} == {"0.25"}

    explorer.buttons["quiet"].click()
    weights, parts = explorer.result.weights, explorer.result.weights[:, None] * explorer.result.V
    lengths = [np.hypot(*part) for part in parts]
    assert explorer.controls["from_qk"].value is True
    assert np.argmax(weights) == np.argmin(lengths)
    assert weights.max() > 0.5
    assert min(lengths) > 0

    explorer.buttons["cancelled"].click()
    assert explorer.result.output.tolist() == [0, 0]
    assert sorted(explorer.result.weights) == [0, 0, 0.5, 0.5]
    counted = explorer.result.V[explorer.result.weights > 0]
    assert (np.hypot(*counted.T) > 0.5).all()
    assert pictures(explorer)["plane"]["output_text"] == ["0.00", "0.00"]

    explorer.buttons["reset"].click()
    assert explorer.state == State()
    assert explorer.messages == {}


# What cannot be used

WRONG = [
    pytest.param("weights", (-0.1, 0.5, 0.3, 0.3), "weights", {"n": 4}, id="below 0"),
    pytest.param("weights", (0.5, 0.5), "weights", {"n": 4}, id="too few"),
    pytest.param("weights", (0.2,) * 5, "weights", {"n": 4}, id="too many"),
    pytest.param("weights", (), "weights", {"n": 4}, id="none"),
    pytest.param("weights", (0, 0, 0, 0), "weights", {"n": 4}, id="all zero"),
    pytest.param("weights", (np.nan, 1, 1, 1), "number", {"value": np.nan}, id="nan"),
    pytest.param("weights", (1, 1, np.inf, 1), "number", {"value": np.inf}, id="inf"),
    pytest.param("weights", (1, "much", 1, 1), "number", {"value": "much"}, id="a word"),
    pytest.param("weights", (1, None, 1, 1), "number", {"value": None}, id="None"),
    pytest.param("values", {"dog": (np.nan, 0.0)}, "number", {"value": np.nan}, id="nan in a value"),
    pytest.param("values", {"dog": (0.0, "up")}, "number", {"value": "up"}, id="a word in a value"),
]
GOOD = {"weights": (1, 2, 3, 4), "values": {"dog": (1.0, 1.0)}}


@pytest.mark.parametrize(("field", "wrong", "reason", "details"), WRONG)
def test_what_cannot_be_used_is_told_and_the_last_picture_stays(field, wrong, reason, details, language):
    told = {field: words.text(f"error.{reason}", **details)}
    explorer = MixingExplorer(sentence="the dog saw me", row=2)
    before = stands(explorer)
    explorer.set(**{field: wrong})
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert same(before, stands(explorer))
    explorer.set(**{field: GOOD[field]})
    assert explorer.messages == {}
    assert not same(before, stands(explorer))


@pytest.mark.parametrize(("field", "wrong", "reason", "details"), [WRONG[0], WRONG[5], WRONG[-1]])
def test_reset_takes_the_message_away(field, wrong, reason, details, language):
    explorer = MixingExplorer(**{"sentence": "the dog saw me", field: wrong})
    assert [*explorer.messages] == [field]
    explorer.buttons["reset"].click()
    assert explorer.messages == explorer.board.scene["messages"] == {}


@pytest.mark.parametrize("value", [False, True])
def test_the_box_for_weights_from_q_and_k_takes_their_message_away(value):
    explorer = MixingExplorer(weights=None if value is False else (1, 2, 3, 4))
    explorer.set(weights=(0, 0, 0, 0))
    explorer.controls["from_qk"].value = value
    assert explorer.messages == {}
