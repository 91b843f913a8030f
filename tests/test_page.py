"""The law of the page: an updated picture equals the picture drawn afresh from the same scene, with all its texts."""

import numpy as np
import pytest
from helpers import LIVE, each_panel, panel, random_moves, sample
from page import BoardPage

from qkvlib import words
from qkvlib.views.bars import bars
from qkvlib.views.look import module_of

STEPS = 8


@pytest.fixture(scope="module")
def board(browser):
    """The page with the board, without a scene."""
    return BoardPage(browser)


def scene(**pictures):
    return {"pictures": pictures, "messages": {}, "status": "", "said": ""}


def pointer_moves(rng, n):
    """For each of n scenes, where the pointer goes after it: some places of the page, or away from it."""
    return [[None if rng.random() < 0.2 else rng.random() for _ in range(rng.integers(3))] for _ in range(n)]


@pytest.mark.parametrize("kind", LIVE)
def test_all_that_a_picture_holds_is_drawn_anew(kind, board):
    """Also what changes alone: a name, say, while no number does."""
    rng = np.random.default_rng(0)
    pictures = []
    for asks in (False, True) * 6:
        one, other = sample(kind, rng, 3) | {"asks": asks}, sample(kind, rng, 3)
        for key in rng.permutation(sorted(one.keys() - {"asks"})):
            one |= {key: other[key]}
            pictures.append(dict(one))
    pictures += [sample(kind, rng, n) for n in (1, 20, 4, 3, 20, 1)]
    board.start()
    board.follow([scene(it=picture) for picture in pictures], pointer_moves(rng, len(pictures)))


def test_pictures_come_and_go_and_stand_in_their_order(board):
    rng = np.random.default_rng(0)
    scenes = [scene(**{k: sample(k, rng, 2) for k in rng.permutation(LIVE)[: rng.integers(9)]}) for _ in range(STEPS)]
    board.start()
    board.follow(scenes, pointer_moves(rng, STEPS))


@pytest.mark.promise("Heatmaps are tables to a screen reader")
@each_panel
def test_an_updated_picture_equals_the_picture_drawn_afresh(made, board):
    rng = np.random.default_rng(0)
    scenes = []
    for language in words.LANGUAGES:
        with words.speaking(language):
            explorer = panel(made)
        scenes.append(explorer.board.scene)
        explorer.board.observe(lambda change: scenes.append(change.new), "scene")
        [*random_moves(explorer, rng, STEPS)]
    board.start()
    board.follow(scenes, pointer_moves(rng, len(scenes)))


@pytest.mark.promise("Everything works with the keyboard")
@each_panel
def test_what_the_page_asks_for_is_taken_and_where_nothing_can_be_chosen_it_asks_for_nothing(made, board):
    rng = np.random.default_rng(0)
    explorer = panel(made)
    board.start()
    board.show(explorer.board.scene)
    for name, picture in explorer.board.scene["pictures"].items():
        said = []
        for gesture in (board.click, board.drag, board.press_keys):
            shown = explorer.board.scene["pictures"][name]  # what is asked first may take away what is asked next
            gesture(name, rng.random())
            for asked in board.told():
                assert asked["picture"] == name
                assert module_of(picture).fits(shown, **asked["changes"])
                explorer.board.asked = asked
                assert explorer.messages == {}
                said.append(asked)
            board.show(explorer.board.scene)
        assert bool(said) == picture["asks"]


def asking(kind, n):
    """A random picture of n tokens that asks."""
    rng = np.random.default_rng(n)
    return next(picture for picture in iter(lambda: sample(kind, rng, n), None) if picture["asks"])


@pytest.mark.parametrize("kind", [kind for kind in LIVE if hasattr(module_of({"kind": kind}), "fits")])
def test_a_picture_built_anew_under_the_hand_keeps_the_focus_and_lets_go(kind, board):
    board.start()
    board.show(scene(it=asking(kind, 5)))
    board.press("it", 1)
    assert board.focus() != ""
    board.show(scene(it=asking(kind, 4)))
    assert board.focus() == board.tab_stops()[-1]
    board.page.mouse.move(300, 200)
    board.page.mouse.up()
    board.told()
    board.show(scene(it=asking(kind, 4)))


def test_a_slider_stays_under_the_hand_and_takes_the_value_of_the_picture_when_it_is_left(board):
    board.start()
    picture = bars([0.25, 0.75], ["a", "b"], "", asks=True)
    board.show(scene(it=picture))
    board.press_keys("it", 0)
    assert {asked["changes"]["bar"] for asked in board.told()} == {0}
    value = "document.querySelector('input').value"
    assert board.page.evaluate(value) == "1"
    board.page.evaluate("document.activeElement.blur()")
    assert board.page.evaluate(value) == "0.25"


def test_two_views_of_one_board_are_both_heard(board):
    board.start()
    board.show(scene(it=asking("matrix", 2)))
    board.page.evaluate("again(); document.querySelectorAll('.qkv-cell').forEach((cell) => cell.click())")
    told = board.told()
    first, second = told[: len(told) // 2], told[len(told) // 2 :]
    assert [asked["serial"] for asked in told] == [*range(1, len(told) + 1)]
    assert [asked["changes"] for asked in first] == [asked["changes"] for asked in second] != []
