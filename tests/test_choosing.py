"""What the reader chooses or moves on a picture, by click, pointer and keys, and what comes of it; without Jupyter."""

import itertools

import pytest
from helpers import words_of_length
from page import BoardPage, middle, overlap, sent

import qkvlib

WORDS = {
    "en": "I go to school attention the library cat walk station a interpretations",
    "ja": "私は 学校 へ 行く 図書館 インターネット アイスクリーム屋さん 読む 犬 と 公園 を",
}
STEPS = {"ArrowDown": (1, 0), "ArrowUp": (-1, 0), "ArrowRight": (0, 1), "ArrowLeft": (0, -1)}
STEPS |= {"Home": (0, -9), "End": (0, 9)}


@pytest.fixture(scope="module")
def board(browser):
    return BoardPage(browser)


@pytest.fixture
def play(board):
    """Show an explorer; gives the function that presses keys, and lets it answer whatever was done on the page."""
    board.start()

    def start(explorer):
        def show():
            board.page.evaluate("(scene) => void show(scene)", sent(explorer.board.scene))

        def answer(*keys):
            for key in keys:
                board.page.keyboard.press(key)
            for asked in board.page.evaluate("told()"):
                explorer.board.asked = asked
                show()

        show()
        return answer

    return start


CHOSEN = """() => {
    const placeOf = (cell) => [cell.parentNode.rowIndex, cell.cellIndex].join();
    const marked = [...document.querySelectorAll("[role=gridcell][aria-selected=true]")].map(placeOf);
    return [...marked, placeOf(document.activeElement.closest("[role=gridcell]"))];
}"""


def test_a_cell_is_chosen_by_click_and_keys_in_every_matrix_and_keys_stop_at_the_edge(board, play):
    """It is marked in each grid, and has the focus."""
    explorer = qkvlib.WeightsExplorer()
    answer = play(explorer)
    for row, column in ((2, 1), (0, 3)):
        board.page.locator(".qkv-picture-weights [role=gridcell]").nth(4 * row + column).click()
        answer()
        assert (explorer.state.row, explorer.state.column) == (row, column)
    keys = ["ArrowDown"] * 4 + ["Home", "ArrowLeft", "ArrowRight", "End", "ArrowRight", "ArrowUp", "ArrowLeft"]
    for key in keys + ["ArrowUp"] * 3:
        answer(key)
        row, column = (min(max(at + by, 0), 3) for at, by in zip((row, column), STEPS[key], strict=True))
        assert (explorer.state.row, explorer.state.column) == (row, column)
        places = board.page.evaluate(CHOSEN)
        assert len(places) == 3
        assert len({*places}) == 1


def test_of_vectors_below_each_other_a_column_is_told_whole(board, play, language):
    """Of the largest product, of that under the pointer, and to a screen reader of the one with the focus."""
    explorer = qkvlib.InsideExplorer()
    play(explorer)
    strip = explorer.board.scene["pictures"]["strip"]
    cells, readout = (board.page.locator(f".qkv-picture-strip {part}") for part in (".qkv-cell", ".qkv-readout"))

    def told(column):
        numbers = zip(strip["rows"], strip["texts"][column::32], strict=True)
        return f"{column}: " + ", ".join(f"{name} {number}" for name, number in numbers)

    largest = strip["chosen"][1]
    assert readout.inner_text() == told(largest)
    cells.nth(32 + 5).hover()
    assert readout.inner_text() == told(5)
    board.page.mouse.move(0, 0)
    cells.nth(64 + largest).focus()
    for key, column in (("ArrowLeft", largest - 1), ("ArrowUp", largest - 1), ("Home", 0), ("End", 31)):
        board.page.keyboard.press(key)
        assert readout.inner_text() == told(column)
        assert board.page.evaluate("document.activeElement.ariaLabel") == told(column)
    assert board.page.evaluate("told()") == []
    at = 32 + 31
    names = [cell.get_attribute("aria-label") for cell in cells.all()]
    assert names == [*strip["texts"][:at], told(31), *strip["texts"][at + 1 :]]
    board.page.evaluate("document.activeElement.blur()")
    assert readout.inner_text() == told(largest)
    assert [cell.get_attribute("tabindex") for cell in cells.all()].index("0") == 64 + largest


def test_a_line_of_hits_is_chosen_by_click_and_keys(board, play):
    explorer = qkvlib.SearchExplorer()
    answer = play(explorer)
    board.page.locator(".qkv-hits tbody tr").nth(2).click()
    answer()
    row, steps = 2, {"ArrowDown": 1, "ArrowUp": -1, "Home": -9, "End": 9}
    focused = "[...document.activeElement.parentNode.rows].indexOf(document.activeElement)"
    for key in ("ArrowDown", "ArrowUp", "End", "ArrowDown", "ArrowUp", "Home", "ArrowUp", "ArrowDown"):
        assert explorer.state.row == board.page.evaluate(focused) == row
        answer(key)
        row = min(max(row + steps[key], 0), 6)


def test_the_place_on_a_curve_is_chosen_by_keys_and_pointer(board, play):
    explorer, curves = qkvlib.TrainingExplorer(), board.page.locator(".qkv-curves")
    answer = play(explorer)
    curves.focus()
    for key, step in (("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 5), ("ArrowRight", 10), ("End", 300)):
        answer(key)
        assert explorer.state.step == step
        texts = explorer.board.scene["pictures"]["accuracy"]["texts"]
        said = curves.get_attribute("aria-valuetext").split(", ")
        assert [said[0], *(part.split()[-1] for part in said[1:])] == [str(step), *texts]
    y = board.page.locator(".qkv-frame").bounding_box()["y"] + 20
    for step in (100, 250, 0):
        board.page.mouse.click(middle(curves.get_by_text(str(step), exact=True).first)[0], y)
        answer()
        assert explorer.state.step == step


def test_a_bar_is_a_slider_and_a_tip_is_moved_by_keys(board, play):
    explorer, slider = qkvlib.MixingExplorer(), board.page.get_by_role("slider", name="weight of school", exact=True)
    answer = play(explorer)
    slider.focus()
    before, place = explorer.result.weights[3], explorer.result.V[2].copy()
    for n in (1, 2):
        answer("ArrowRight")
        assert explorer.result.weights[3] == pytest.approx(before + n / 100, abs=0.0051)
    answer("End")
    assert explorer.result.weights.tolist() == [0, 0, 0, 1]
    slider.fill("0.4")
    answer()
    assert explorer.result.weights == pytest.approx([0.2, 0.2, 0.2, 0.4])
    board.page.locator(".qkv-tip").nth(2).focus()
    for key, x, y in (("ArrowUp", 0, 1), ("ArrowUp", 0, 1), ("ArrowRight", 1, 0), ("ArrowDown", 0, -1)):
        answer(key)
        place += [0.05 * x, 0.05 * y]
        assert explorer.result.V[2] == pytest.approx(place)


def test_a_tip_that_is_pulled_out_of_the_plane_stays_under_the_pointer_and_then_the_scale_fits(board, play):
    mouse, explorer = board.page.mouse, qkvlib.MixingExplorer()
    answer = play(explorer)
    plane, tip = board.page.locator(".qkv-plane"), board.page.locator(".qkv-tip-dot").nth(3)
    (zero, _), (x, y) = middle(plane), middle(tip)
    unit = (x - zero) / explorer.result.V[3, 0]
    mouse.move(x, y)
    mouse.down()
    for value in (1.5, 2.0):
        mouse.move(zero + value * unit, y, steps=3)
        answer()
        assert explorer.result.V[3, 0] == pytest.approx(value, abs=0.02)
        assert middle(tip) == pytest.approx((zero + value * unit, y), abs=2)  # values are hundredths
    mouse.up()
    answer()
    assert explorer.result.V[3, 0] == pytest.approx(2, abs=0.02)
    assert min(overlap(plane.bounding_box(), tip.bounding_box())) > 0


@pytest.fixture
def swipe(board):
    """Put a finger on a place of a page that can scroll and move it; gives how far the page has scrolled."""
    session = board.page.context.new_cdp_session(board.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    board.page.evaluate("document.body.style.minHeight = '3000px'")

    def swipe(start, dx, dy):
        way = [{"x": start[0] + dx * i / 10, "y": start[1] + dy * i / 10} for i in range(11)]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": way[:1]})
        for place in way[1:]:
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return board.page.evaluate("new Promise((done) => setTimeout(() => done(scrollY), 100))")

    yield swipe
    board.page.evaluate("scrollTo(0, 0)")
    session.detach()


@pytest.mark.parametrize("make", [qkvlib.ArrowsExplorer, qkvlib.MixingExplorer])
def test_a_tip_follows_a_finger_and_the_page_does_not(board, play, swipe, make):
    answer, tip = play(make()), board.page.locator(".qkv-tip-dot").last
    for dx, dy in ((-50, -60), (30, 70)):
        x, y = middle(tip)
        assert swipe((x, y), dx, dy) == 0
        answer()
        assert middle(tip) == pytest.approx((x + dx, y + dy), abs=2)


def test_a_finger_goes_along_a_curve_and_scrolls_down_over_it(board, play, swipe):
    explorer = qkvlib.TrainingExplorer()
    answer, frame = play(explorer), board.page.locator(".qkv-frame")
    assert swipe(middle(frame), -60, 0) == 0
    answer()
    assert explorer.state.step < 150
    assert swipe(middle(frame), 0, -60) > 0


NAMES = """() => [...document.querySelectorAll(".qkv-tip-label")].map((name) => {
    const { x, y, width, height } = name.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(name).fontSize); // without the leading, which fonts differ in
    return { x, width, y: y + (height - size) / 2, height: size };
})"""


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
@pytest.mark.parametrize("count", [2, 7, 12, 16])
def test_names_of_tips_are_apart_and_inside(board, play, words, count):
    play(qkvlib.MixingExplorer(sentence=words_of_length(count, words.split())))
    plane, names = board.page.locator(".qkv-plane").bounding_box(), board.page.evaluate(NAMES)
    assert len(names) == count
    assert all(overlap(plane, name) == pytest.approx((name["width"], name["height"]), abs=3) for name in names)
    if count <= 12:  # a repeated word has its values, and so its tips, at one place
        assert [pair for pair in itertools.combinations(names, 2) if min(overlap(*pair)) > 3] == []
