"""Numbers, texts and colours as every picture shows them."""

import itertools
import re

import matplotlib as mpl
import numpy as np
import pytest
from helpers import panels, pictures

from qkvlib.views import look
from qkvlib.views.look import bound, columns, contrast, cut, lines_of, number, significant, width

NUMBERS = {0: "0.00", -0.004: "0.00", -1e-300: "0.00", -0.006: "−0.01", 1.236: "1.24", -12.344: "−12.34"}
NUMBERS = [*NUMBERS.items(), (-0.0, "0.00"), (np.float32(0.5), "0.50"), (np.int64(-3), "−3.00"), (1e5 / 3, "33333.33")]


def test_a_number_is_rounded_with_a_true_minus_never_minus_zero_whatever_its_last_bit():
    assert [(value, number(value)) for value, _ in NUMBERS] == NUMBERS
    assert [number(-2.3456, digits) for digits in (0, 1, 3)] == ["−2", "−2.3", "−2.346"]
    assert number(-0.04, 1) == "0.0"
    for tie in (1.545, 0.125, -0.005, -2.675, 0.315):  # as products of numbers with two decimals often are
        assert number(np.nextafter(tie, np.inf)) == number(tie) == number(np.nextafter(tie, -np.inf))


def value_of(text):
    """A number as `significant` or a tick of a logarithmic axis wrote it."""
    power = re.fullmatch("(?:(.+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    mantissa, exponent = power.groups(default="1") if power else (text, "⁰")
    exponent = exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa.replace("−", "-")) * 10.0 ** int(exponent)


def test_a_number_of_any_size_keeps_three_digits():
    assert [significant(none) for none in (np.nan, np.inf, -np.inf)] == ["–", "∞", "−∞"]
    for value in (0, 1, -0.5, 0.25, 12345.6, 1e-4, 3.14159e-9, -2e-300, 1e20, 0.1 + 0.2):
        text = significant(value)
        assert value_of(text) == pytest.approx(value, rel=5e-3)
        assert len(text) <= 12
        assert not {"e", "-"} & {*text}


def test_a_bound_is_the_next_round_number():
    round_numbers = sorted(step * 10.0**decade for step in (1, 2, 3, 5, 7) for decade in range(8))
    for largest in (0, 0.3, 1, 1.0001, 2.36, 3, 4.9, 5.1, 7, 7.5, 10, 10.01, 69, 99.9, 1000, 1001, 6e5):
        expected = next(candidate for candidate in round_numbers if candidate >= largest)
        assert bound(np.array([[largest / 2, -largest], [0, largest / 3]])) == expected


def test_columns_of_text_are_aligned_and_a_japanese_character_is_two_wide():
    lines = columns([["a", "bb", "c"], ["学校", "１", ""], ["x", "yyy", "z"]])
    assert lines == "   a   bb  c\n学校   １\n   x  yyy  z"


def test_a_cut_text_is_as_wide_as_there_is_room_and_shows_its_start():
    for text, limit in itertools.product(("attention", "図書館", "a 図 b", "🎒🎒🎒", ""), range(2, 12)):
        shown = cut(text, limit)
        assert width(shown) <= limit
        assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]) and width(shown) >= limit - 1)


def test_a_title_is_broken_between_words_and_loses_nothing():
    for title in ("How much of each value, and where from?", "単語の間の重み（softmax の後）", "a" * 30):
        lines = lines_of(title, 14).split("\n")
        assert len(lines) > (" " in title)
        assert title.replace(" ", "") == "".join(lines).replace(" ", "")
        assert all(width(line) <= 14 for line in lines) or " " not in title
        assert lines_of(title, 99) == title


@pytest.mark.parametrize("limit", range(4, 20))
def test_no_line_begins_or_ends_with_what_must_not_stand_there(limit):
    title = "「シード」を、チョコっとキャッチ（ボタン）：ルートはコーヒー。"
    lines = lines_of(title, limit).split("\n")
    assert "".join(lines) == title
    assert [
        line
        for line in lines
        if re.match("[ぁぃぅぇぉっゃゅょァィゥェォッャュョー、。：）」]", line) or line[-1] in "「（"
    ] == []


@pytest.mark.parametrize(("name", "theirs"), [("scores", "RdBu"), ("weights", "Blues")])
def test_a_palette_is_the_map_of_matplotlib(name, theirs):
    ours = [mpl.colors.to_rgb(colour) for colour, _ in look.PALETTES[name][: look.MASKED]]
    expected = mpl.colormaps[theirs].resampled(look.MASKED)(np.arange(look.MASKED))[:, :3]
    assert np.abs(ours - expected).max() <= 1 / 255


def test_contrast_is_that_of_wcag():
    """WCAG 2.1, written out from its definition."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
        return np.dot((0.2126, 0.7152, 0.0722), linear)

    for pair in itertools.combinations(["#000000", "#ffffff", "#808080", *look.SHARES], 2):
        dark, light = sorted(map(luminance, pair))
        assert contrast(*pair) == pytest.approx((light + 0.05) / (dark + 0.05))


@pytest.mark.promise("Texts and numbers stand out")
def test_numbers_can_be_read_on_their_background_and_bars_and_lines_seen_on_black_and_on_white():
    pairs = [pair for palette in look.PALETTES.values() for pair in palette]
    assert len(pairs) == 2 * 256
    assert {ink for _, ink in pairs} == {"#000000", "#ffffff"}
    assert min(itertools.starmap(contrast, pairs)) >= 4.5
    seen = itertools.product(look.COLOURS.values(), ["#ffffff", "#111111"])
    assert min(itertools.starmap(contrast, seen)) >= 3
    lines = [*look.ROLES.values(), *(colours for colours, _, _ in look.LINES.values())]  # as are names beside them
    assert min(contrast(light, "#ffffff") for light, _ in lines) >= 4.5
    assert min(contrast(dark, "#212121") for _, dark in lines) >= 4.5


BLIND = {  # to linear RGB as it is seen without cones of one kind (Machado et al. 2009, severity 1)
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def seen_as(colour, blind):
    """CIE L*a*b* of a colour as a colour-blind person sees it."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(BLIND[blind] @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_lines_of_one_picture_are_told_apart_without_their_colours_and_by_those_that_are_left():
    drawn = [picture["styles"] for panel in panels() for picture in pictures(panel).values() if "styles" in picture]
    assert len(drawn) >= 4
    for one, other in {pair for styles in drawn for pair in itertools.combinations(styles, 2)}:
        (colours, *form), (others, *other_form) = look.LINES[one], look.LINES[other]
        assert form != other_form, (one, other)
        if form[-1] == other_form[-1] == "":  # neither is dashed
            for blind, (ours, theirs) in itertools.product(BLIND, zip(colours, others, strict=True)):
                assert np.linalg.norm(seen_as(ours, blind) - seen_as(theirs, blind)) > 10, (one, other, blind)
