"""Two arrows: the product that they show, against angles and lengths worked out another way."""

import cmath
import math
import re

import numpy as np
import pytest
from helpers import ask, line, pictures, shown

from qkvlib import KNOWN, ArrowsExplorer, W_k, W_q
from qkvlib.views.arrows import RADIUS, REACH, arrows, draw, fits
from qkvlib.views.look import PLANE_SIZE, plain


def sample(rng, word, n):
    q, k = rng.uniform(-REACH, REACH, size=(2, 2))
    return arrows(q, k, word(), [word(), word()], word(), asks=bool(rng.integers(2)))


def put(explorer, q, k):
    explorer.set(q0=q[0], q1=q[1], k0=k[0], k1=k[1])
    return pictures(explorer)


def rows(explorer):
    return [number for _, number in pictures(explorer)["measured"]["rows"]]


def test_it_starts_from_two_entries_of_the_sentence_s_query_and_key():
    explorer = ArrowsExplorer()
    assert np.allclose(explorer.result.q, (np.array(KNOWN["i"]) @ W_q)[1:])
    assert np.allclose(explorer.result.k, (np.array(KNOWN["school"]) @ W_k)[1:])


def test_lengths_angle_and_product_are_those_of_complex_numbers():
    """q and k as complex numbers: q · k is the real part of one times the other's conjugate."""
    rng, explorer = np.random.default_rng(0), ArrowsExplorer()
    for q, k in rng.uniform(-REACH, REACH, size=(40, 2, 2)):
        drawn = put(explorer, q, k)
        a, b = complex(*q), complex(*k)
        degrees = abs(math.degrees(cmath.phase(b / a)))
        expected = [abs(a), abs(b), math.cos(math.radians(degrees)), (a.conjugate() * b).real]
        length_q, length_k, angle, cosine, product = rows(explorer)
        assert [length_q, length_k, cosine, product] == [shown(value) for value in expected]
        assert float(angle[:-1]) == pytest.approx(degrees, abs=0.5001)
        picture, turn = drawn["arrows"], np.array(drawn["arrows"]["angle"])
        foot = a * (a.conjugate() * b).real / abs(a) ** 2
        assert picture["foot"] == pytest.approx([foot.real, foot.imag])
        ends = [cmath.phase(complex(*turn[end])) - cmath.phase(z) for end, z in ((0, a), (-1, b))]
        assert np.allclose(np.exp(1j * np.array(ends)), 1)
        steps = np.diff(np.unwrap(np.angle(turn @ [1, 1j])))
        assert abs(steps.sum()) == pytest.approx(math.radians(degrees))


def test_the_dark_side_is_where_a_key_scores_below_zero():
    rng = np.random.default_rng(1)
    for q, k in rng.uniform(-REACH, REACH, size=(20, 2, 2)):
        picture = arrows(q, k, "", ["", ""])
        corners, (plus, minus) = np.array(picture["negative"]), np.array(picture["signs"])
        assert (corners @ q <= 1e-6).all()  # q is rounded
        assert plus @ q > 0 > minus @ q
        assert np.abs(picture["signs"]).max() < RADIUS
        cross = lambda a, b: a[0] * b[1] - a[1] * b[0]  # noqa: E731
        for point in rng.uniform(-RADIUS, RADIUS, size=(30, 2)):
            inside = {np.sign(cross(b - a, point - a)) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)}
            assert (len(inside) == 1) == (point @ q < 0)


@pytest.mark.parametrize(("preset", "angle"), [("same", 0), ("right", 90), ("opposite", 180)])
def test_presets_make_the_angle_they_name(preset, angle):
    explorer = ArrowsExplorer()
    explorer.preset(preset)
    assert rows(explorer)[2] == f"{angle}°"
    assert np.sign(round(explorer.result.product, 9)) == {0: 1, 90: 0, 180: -1}[angle]
    assert pictures(explorer)["arrows"]["title"].startswith(f"q · k = {rows(explorer)[4]}")


def test_twice_as_long_is_twice_the_score_and_the_same_cosine():
    explorer = ArrowsExplorer()
    before = explorer.result
    explorer.preset("twice")
    assert explorer.result.product == pytest.approx(2 * before.product)
    assert explorer.result.cosine == pytest.approx(before.cosine)


def test_an_arrow_without_length_has_no_angle_and_says_so():
    explorer = ArrowsExplorer()
    for q, k in [((0, 0), (1, 2)), ((1, 2), (0, 0)), ((0, 0), (0, 0))]:
        drawn = put(explorer, q, k)
        assert rows(explorer)[2:] == ["–", "–", "0.00"]
        assert "cos" not in plain(drawn["arithmetic"])
        assert drawn["arrows"]["angle"] == []


def test_a_tip_is_moved_by_hand_and_stays_in_reach():
    explorer = ArrowsExplorer()
    ask(explorer, picture="arrows", changes={"tip": [1, -1.234, 99]})
    assert explorer.result.k.tolist() == [-1.23, REACH]
    assert explorer.controls["k0"].value == -1.23
    picture = pictures(explorer)["arrows"]
    assert fits(picture, [0, 1e9, -3])
    for tip in ([2, 0, 0], [-1, 0, 0], [0, 0], [0, 0, 0, 0], [0, np.nan, 0]):
        assert not fits(picture, tip)


def test_the_line_comes_to_the_product_in_both_ways(language):
    explorer = ArrowsExplorer()
    for name in explorer.buttons:
        explorer.preset(name)
        name, products, lengths, result = line(explorer).split(" = ")
        assert (name, result) == ("q · k", shown(explorer.result.product))
        found = [
            eval(re.sub(r"cos (\d+)°", r"math.cos(math.radians(\1))", side.replace("×", "*").replace("−", "-")))
            for side in (products, lengths)
        ]
        assert found == pytest.approx([explorer.result.product] * 2, abs=0.06)


def test_the_drawn_arrows_end_at_their_values(ax):
    picture = arrows([1, 2], [3, -1], "a title", ["across", "up"])
    for arrow, tip in zip(draw(ax, picture), [[1, 2], [3, -1]], strict=True):
        assert [*map(list, arrow._posA_posB)] == [[0, 0], tip]
    assert {"q", "k", "+", "−"} <= {text.get_text() for text in ax.texts}
    assert (ax.get_xlim(), ax.get_aspect()) == ((-RADIUS, RADIUS), 1)
    assert np.abs(np.array(picture["values"]) / RADIUS * PLANE_SIZE / 2 + picture["offsets"]).max() < PLANE_SIZE / 2
