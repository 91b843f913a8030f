"""The lessons in JupyterLab as a reader uses them: in headless Chromium, by mouse, keys and input method."""

import base64
import itertools
import json
import math
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import lab
import numpy as np
import pytest
from conftest import NOTEBOOKS, ROOT, notebook_id

import qkvlib
from qkvlib import words


def lessons(*stems, languages=("en", "ja")):
    """The test runs on these lessons only, all if none is named."""
    paths = [path for path in NOTEBOOKS if path.parent.name in languages and (not stems or path.stem in stems)]
    return pytest.mark.parametrize("page", paths, indirect=True, ids=notebook_id)


in_english = lessons(languages=["en"])  # for what no language changes
heatmaps = lessons("02_scores", "03_weights")
heatmaps_in_english = lessons("02_scores", "03_weights", languages=["en"])

HALF = 0.0051  # numbers are shown with two decimals
WORDS = {
    "en": ["I", "go", "to", "school", "attention", "the", "library", "interpretations", "cat", "walk", "station", "a"],
    "ja": [
        "私は",
        "学校",
        "へ",
        "行く",
        "インターネット",
        "図書館",
        "アイスクリーム屋さん",
        "を",
        "読む",
        "犬",
        "と",
        "公園",
    ],
}
AS_TYPED = ["<b>x</b>", "a<b<c", "<img", "src=x", "onerror=alert(1)>", "<script>", "$x$"]
SOLUTIONS = {  # check -> a right solution, a wrong one and the key of its hint
    "check_scores": ("(Q, K):\n    return Q @ K.T / K.shape[-1] ** 0.5", "(Q, K):\n    return Q @ K.T", "unscaled"),
    "check_softmax": (
        "(s):\n    e = np.exp(s - s.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)",
        "(s):\n    e = np.exp(s - s.max(0))\n    return e / e.sum(0)",
        "columns",
    ),
    "check_soft_lookup": (
        "(query, keys, values):\n    e = np.exp(keys @ query)\n    return e / e.sum() @ values",
        "(query, keys, values):\n    return values.mean(axis=0)",
        "mean_of_values",
    ),
    "check_attention": (
        "(Q, K, V, mask):\n    s = np.where(mask, Q @ K.T / K.shape[1] ** 0.5, -np.inf)\n"
        "    e = np.exp(s - s.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True) @ V",
        "(Q, K, V, mask):\n    s = Q @ K.T / K.shape[1] ** 0.5\n"
        "    e = np.exp(s - s.max(1, keepdims=True))\n    return e / e.sum(1, keepdims=True) @ V",
        "mask_ignored",
    ),
    "check_roles": (
        "\nmy_W_q = [[4], [0], [4], [0]]\nmy_W_k = [[0], [2], [0], [0]]",
        "\nmy_W_q = [[0], [2], [0], [0]]\nmy_W_k = [[4], [0], [4], [0]]",
        "roles_swapped",
    ),
    "check_rnn_step": (
        "(x, h, W, U, b):\n    return np.tanh(x @ W + h @ U + b)",
        "(x, h, W, U, b):\n    return x @ W + h @ U + b",
        "step_no_tanh",
    ),
    "check_context": (
        "\nmy_sentence = 'money river water boat bank うどん 川 船 渡る はし'",
        "\nmy_sentence = 'money bank うどん はし'",
        "context_none",
    ),
}


# What the page shows.

SHOWN = """(panel) => {
    const text = (node) => node.textContent;
    const cellsOf = (row) => [...row.querySelectorAll("[role=gridcell]")];
    return {
        grids: Object.fromEntries([...panel.querySelectorAll("[role=grid]")].map((grid) => [
            grid.closest(".qkv-picture").className.split("qkv-picture-").at(-1),
            {
                rows: [...grid.querySelectorAll("tbody th")].map(text),
                columns: [...grid.querySelectorAll("thead tr:last-child th:not(.qkv-sum)")].map(text),
                cells: [...grid.querySelectorAll("tbody tr")].map((row) => cellsOf(row).map(text)),
                chosen: [...grid.querySelectorAll("tbody tr")].flatMap((row, i) => cellsOf(row).flatMap((cell, j) =>
                    cell.ariaSelected === "true" ? [[i, j]] : [])),
                sums: [...grid.querySelectorAll("td.qkv-sum")].map(text),
                readout: grid.closest(".qkv-picture").querySelector(".qkv-readout")?.textContent,
            },
        ])),
        tables: Object.fromEntries([...panel.querySelectorAll("table:not([role=grid])")].map((table) => [
            table.closest(".qkv-picture").className.split("qkv-picture-").at(-1),
            [...table.rows].map((row) => [...row.cells].map(text)),
        ])),
        notes: [...panel.querySelectorAll(".qkv-note")].map(text),
    };
}"""


def shown(panel):
    """Every label and number of the pictures."""
    return panel.evaluate(SHOWN)


def numbers(texts):
    """Texts of numbers -> array."""
    return np.array([[float(text.replace("−", "-")) for text in row] for row in texts])


def number(text):
    return float(text.replace("−", "-"))


def labels(panel):
    """The labels of the first heatmap: of its rows and of its columns."""
    heads = panel.get_by_role("grid").first.locator
    columns = heads("thead th[scope=col]:not(.qkv-sum)").all_text_contents()
    return heads("tbody th[scope=row]").all_text_contents(), columns


def notebook(page):
    """What a stray shortcut would change: the active cell, the mode, and each cell's type and source."""
    return page.evaluate("""() => {
        const { activeCellIndex, mode, model } = jupyterapp.shell.currentWidget.content;
        const cells = [...model.cells].map(({ type, sharedModel }) => [type, sharedModel.getSource()]);
        return [activeCellIndex, mode, cells];
    }""")


def place(page):
    """What a jump would change: how far the notebook is scrolled, and the height of the explorer's output."""
    return page.evaluate("""() => {
        const output = document.querySelector(".qkv-panel:has([role=grid])").closest(".jp-OutputArea");
        const scroller = document.querySelector(".jp-WindowedPanel-outer");
        return [scroller.scrollTop, output.getBoundingClientRect().height, output.getBoundingClientRect().top];
    }""")


# What the reader does.


def type_sentence(page, panel, text):
    """Replace the sentence and press Enter."""
    return type_into(page, panel, "sentence", text)


def type_into(page, panel, name, text):
    """Replace what stands in the box of a control and press Enter."""
    box = panel.locator(f".qkv-control-{name} input")
    box.focus()
    box.select_text()
    page.keyboard.insert_text(text) if text else page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    lab.settle(page)
    return box


def press(page, *keys):
    """Press one key after the other, each when all is done that the one before asked for."""
    for key in keys:
        page.keyboard.press(key)
        lab.settle(page, times=1)


def preset(page, panel, key):
    panel.get_by_role("button", name=words.table(page.language)[key], exact=True).click()
    lab.settle(page)


def focused_cell(page):
    """Picture, row and column of the focused cell of a heatmap, None where the focus is elsewhere."""
    return page.evaluate("""() => {
        const cell = document.activeElement.closest("[role=gridcell]");
        const name = cell?.closest(".qkv-picture").className.split("qkv-picture-").at(-1);
        return cell && [name, cell.row, cell.column];
    }""")


def tab_into(page, panel, name):
    """Walk with Tab from the last control into the heatmap; gives the cell that it leads to."""
    panel.locator(".qkv-control").last.locator("input, [role=slider]").first.focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        at = focused_cell(page)
        if at and at[0] == name:
            return at[1:]
    pytest.fail(f"Tab does not reach the heatmap {name}")


# The numbers, worked out anew from the words' vectors.


def queries_and_keys(tokens):
    X = np.array([qkvlib.KNOWN[token.lower()] for token in tokens])
    return X @ qkvlib.W_q, X @ qkvlib.W_k


def expected_scores(tokens, scale=True):
    Q, K = queries_and_keys(tokens)
    return np.einsum("qf,kf->qk", Q, K) / (3**0.5 if scale else 1)


def expected_weights(scores, temperature=1.0):
    exps = np.exp(scores / temperature)
    return exps / exps.sum(1)[:, None]


# Opening and running.


def test_the_stored_notebook_opens_with_its_picture_and_no_question(page):
    """Before anything is run: the stored PNG, no dialog, no news, no dead widget."""
    assert page.before["questions"] == 0
    assert page.before["live"] == 0
    width, height, drawn = page.before["image"]
    assert width > 500
    assert height > 150
    assert drawn > 400
    for complaint in ("Error displaying widget", "model not found", "Loading widget"):
        assert complaint not in page.before["text"]


def test_run_all_gives_no_error_and_asks_nobody_but_the_server(page):
    """No error and no warning in an output, none on the console, no dialog, no request elsewhere."""
    given = list(itertools.chain(*lab.outputs(page)))
    assert len(given) > 5
    assert [output for output in given if output["output_type"] == "error" or output.get("name") == "stderr"] == []
    assert page.problems == []
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert page.locator(".jp-Notebook").get_by_text(re.compile("Error displaying widget|model not found")).count() == 0


@heatmaps
def test_the_explorer_starts_with_the_numbers_of_its_sentence(page, panel):
    """Scores, and weights where there are any, as NumPy has them."""
    grids = shown(panel)["grids"]
    tokens = qkvlib.tokens(panel.locator(".qkv-control-sentence input").input_value())
    for grid in grids.values():
        assert grid["rows"] == grid["columns"] == tokens
    scores = expected_scores(tokens)
    np.testing.assert_allclose(numbers(grids["scores"]["cells"]), scores, atol=HALF)
    if "weights" in grids:
        np.testing.assert_allclose(numbers(grids["weights"]["cells"]), expected_weights(scores), atol=HALF)
        assert grids["weights"]["sums"] == ["1.00"] * len(tokens)


# Predict.


def test_a_prediction_shows_nothing_until_it_is_chosen(page):
    """The choice reveals pictures and a reason; another choice gives another reason."""
    lab.show_cell(page, "Predict(")
    predict = page.locator(".qkv-panel:has(input[type=radio])")
    options = predict.get_by_role("radio")
    pictures, reason = predict.locator(".qkv-picture"), predict.get_by_role("status")
    assert options.count() == 3
    assert predict.locator("input:checked").count() == 0
    assert pictures.count() == 0
    assert reason.inner_text() == ""
    table = words.table(page.language)
    reasons = []
    for option in options.all():
        option.check()
        lab.settle(page)
        assert pictures.first.is_visible()
        assert re.search(r"\d\.\d\d", pictures.first.inner_text())
        reasons.append(reason.inner_text())
    assert len(set(reasons)) == 3
    assert [text.startswith(table["predict.right"]) for text in reasons].count(True) == 1
    assert [text.startswith(table["predict.wrong"]) for text in reasons].count(True) == 2
    assert page.problems == []


# Sliders.


def test_each_slider_follows_the_arrow_keys_again_and_again(page, panel):
    """Three moves each, there and back: the pictures change every time, and the last move undoes the one before."""
    sliders = panel.locator("[role=slider]").all()
    assert sliders
    for slider in sliders:
        slider.focus()
        before = notebook(page)
        seen = [shown(panel)]
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            press(page, key)
            seen.append(shown(panel))
        assert all(one != other for one, other in itertools.pairwise(seen)), slider.get_attribute("aria-label")
        assert seen[1] == seen[3]
        assert notebook(page) == before
        assert slider.evaluate("(slider) => slider === document.activeElement")


@in_english
def test_a_slider_keeps_its_keys_from_the_notebook(page, panel):
    """Shortcuts of the notebook do nothing while a slider is focused: no cell is inserted, none is edited."""
    for slider in panel.locator("[role=slider]").all():
        slider.focus()
        before = notebook(page)
        for key in ("b", "a", "m", "Enter"):
            page.keyboard.press(key)
        lab.settle(page)
        assert notebook(page) == before


@heatmaps
def test_a_slider_shows_what_numpy_computes(page, panel):
    """Every cell after each of three moves."""
    tokens = labels(panel)[0]
    start = shown(panel)["grids"]["scores"]
    if panel.locator(".qkv-control-temperature").count():
        panel.locator(".qkv-control-temperature [role=slider]").focus()
        for step in (1, 2, 3):
            press(page, "ArrowRight")
            grids = shown(panel)["grids"]
            expected = expected_weights(expected_scores(tokens), 10 ** (0.05 * step))
            np.testing.assert_allclose(numbers(grids["weights"]["cells"]), expected, atol=HALF)
            assert grids["scores"]["cells"] == start["cells"]
        return
    [[row, column]] = start["chosen"]
    Q, K = queries_and_keys(tokens)
    for name, vector in (("q2", Q[row]), ("k1", K[column])):
        panel.locator(f".qkv-control-{name} [role=slider]").focus()
        for _ in range(3):
            press(page, "ArrowRight")
            vector[int(name[1])] += 0.05
            cells = numbers(shown(panel)["grids"]["scores"]["cells"])
            np.testing.assert_allclose(cells, np.einsum("qf,kf->qk", Q, K) / 3**0.5, atol=HALF)


@lessons("01_search_analogy", "02_scores", "03_weights", languages=["en"])
def test_twenty_moves_keep_the_table_and_the_page_where_they_are(page, panel):
    """The same DOM nodes, the same height, no scrolling."""
    sliders = panel.locator(".qkv-control-sharpness, .qkv-control-temperature, .qkv-control-q1")
    sliders.locator("[role=slider]").focus()
    start, first = place(page), shown(panel)
    panel.evaluate("(panel) => { window.nodes = [...panel.querySelectorAll('table, td[role=gridcell], caption')]; }")
    for key in ["ArrowRight"] * 12 + ["ArrowLeft"] * 8:
        press(page, key)
        assert place(page) == start
    assert shown(panel) != first
    lost = page.evaluate("nodes.filter((node) => !node.isConnected).map((node) => node.tagName)")
    assert lost == []


@in_english
def test_one_step_of_a_slider_is_one_message_to_the_page(page, panel):
    """Counted on the web socket; the echo of the slider's own value is another kind."""
    session = page.context.new_cdp_session(page)
    frames = []  # binary ones: those of the kernel; JupyterLab tells of files it reads in text, at any time
    session.on(
        "Network.webSocketFrameReceived",
        lambda event: event["response"]["opcode"] == 2 and frames.append(event["response"]),
    )
    session.send("Network.enable")
    for slider in panel.locator("[role=slider]").all()[:2]:
        slider.focus()
        frames.clear()
        press(page, "ArrowRight")
        payloads = [base64.b64decode(frame["payloadData"]) for frame in frames]
        assert sum(bool(re.search(rb'"method":\s*"update"', payload)) for payload in payloads) == 1
        assert sum(bool(re.search(rb'"method":\s*"echo_update"', payload)) for payload in payloads) == 1
    session.detach()


# Sentences.


@heatmaps
def test_the_labels_follow_the_sentence(page, panel):
    """Twice, with known, unknown and repeated words."""
    for text in ("the cat saw the dog", "pizza 私 学校"):
        type_sentence(page, panel, text)
        for grid in shown(panel)["grids"].values():
            assert grid["rows"] == grid["columns"] == text.split()
    assert "pizza" in panel.get_by_role("status").inner_text()


@heatmaps
@pytest.mark.parametrize(
    ("composed", "expected"),
    [
        ("犬　が　猫　を　見る", ["犬", "が", "猫", "を", "見る"]),
        ("私は学校へ行く", ["私", "は", "学校", "へ", "行く"]),
    ],
    ids=["with-spaces", "without-spaces"],
)
def test_enter_that_ends_a_conversion_submits_nothing(page, panel, composed, expected):
    """Japanese as an input method sends it: only the Enter after the one that ends the conversion counts."""
    box = panel.locator(".qkv-control-sentence input")
    compose(page, panel, box, composed)
    press(page, "Enter")
    assert labels(panel) == (expected, expected)
    assert box.input_value().split() == expected


def compose(page, panel, box, composed):
    """Replace a text as an input method does, up to the Enter that ends the conversion; the pictures must stay."""
    session = page.context.new_cdp_session(page)
    box.focus()
    box.select_text()
    box.evaluate("""(box) => {
        const heard = (window.heard = []);
        for (const type of ["compositionstart", "compositionend", "change"])
            box.addEventListener(type, () => heard.push(type));
        box.addEventListener("keydown", (event) => event.isComposing && heard.push(event.key));
    }""")
    before = shown(panel)
    key = {"windowsVirtualKeyCode": 229, "code": "KeyA", "key": "Process"}
    for end in range(1, len(composed) + 1):
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        composing = {"text": composed[:end], "selectionStart": end, "selectionEnd": end}
        session.send("Input.imeSetComposition", composing)
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    lab.settle(page)
    assert box.input_value() == composed
    assert shown(panel) == before
    enter = {"windowsVirtualKeyCode": 229, "code": "Enter", "key": "Enter"}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    session.send("Input.insertText", {"text": composed})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter, "windowsVirtualKeyCode": 13})
    lab.settle(page)
    heard = page.evaluate("heard")
    assert heard[0] == "compositionstart"
    assert heard[-2:] == ["Enter", "compositionend"]
    assert "change" not in heard
    assert box.input_value() == composed
    assert shown(panel) == before
    session.detach()


@heatmaps_in_english
def test_markup_typed_by_the_reader_appears_as_typed(page, panel):
    """No element is made of it, nothing runs, and no formula is set."""
    text = " ".join(AS_TYPED)
    box = type_sentence(page, panel, text)
    assert labels(panel) == (AS_TYPED, AS_TYPED)
    assert box.input_value() == text
    for token in ("a<b<c", "<script>", "$x$"):  # chosen, so that titles name them
        row = AS_TYPED.index(token)
        panel.get_by_role("grid").first.locator("tbody tr").nth(row).get_by_role("gridcell").nth(row).click()
        lab.settle(page)
        assert panel.locator("b, img, script, mjx-container, .MathJax").count() == 0
        assert f"“{token}”" in panel.inner_text()


@heatmaps
def test_an_empty_sentence_is_told_beside_the_box_and_the_picture_stays(page, panel):
    """In the reader's language; mended, the message goes."""
    before = shown(panel)
    for useless in ("", "   "):
        box = type_sentence(page, panel, useless)
        alert = panel.get_by_role("alert")
        assert alert.all_inner_texts() == [words.table(page.language)["error.empty"]]
        assert beside(alert.bounding_box(), box.bounding_box())
        assert box.get_attribute("aria-invalid") == "true"
        assert shown(panel) == before
    type_sentence(page, panel, "cat dog")
    assert panel.get_by_role("alert").count() == 0
    assert box.get_attribute("aria-invalid") == "false"
    assert labels(panel)[0] == ["cat", "dog"]


def beside(message, box):
    """The message stands on the line of the box or just under it, near it."""
    right = max(message["x"] - box["x"] - box["width"], box["x"] - message["x"] - message["width"], 0)
    under = message["y"] - box["y"]
    return right < 40 and -8 < under < box["height"] + 16


@heatmaps_in_english
def test_reset_takes_a_useless_sentence_away(page, panel):
    """The box shows what the picture shows, and no message is left."""
    start = panel.locator(".qkv-control-sentence input").input_value()
    box = type_sentence(page, panel, "x " * 65)
    assert "65" in panel.get_by_role("alert").inner_text()
    preset(page, panel, "explorer.reset")
    assert panel.get_by_role("alert").count() == 0
    assert box.input_value() == start


# Cells.


@heatmaps
def test_a_click_chooses_a_cell(page, panel):
    """It is marked in every heatmap."""
    for row, column in ((2, 1), (0, 3)):
        panel.get_by_role("grid").last.locator("tbody tr").nth(row).get_by_role("gridcell").nth(column).click()
        lab.settle(page)
        assert all(grid["chosen"] == [[row, column]] for grid in shown(panel)["grids"].values())


@heatmaps_in_english
def test_the_same_cell_is_chosen_again_after_reset(page, panel):
    """The page may ask for what it asked for before."""
    cell = panel.get_by_role("grid").first.locator("tbody tr").nth(2).get_by_role("gridcell").nth(1)
    start = shown(panel)
    for _ in range(2):
        cell.click()
        lab.settle(page)
        assert cell.get_attribute("aria-selected") == "true"
        preset(page, panel, "explorer.reset")
        assert shown(panel) == start


@heatmaps_in_english
def test_tab_and_arrow_keys_choose_a_cell_and_leave_the_notebook_alone(page, panel):
    """The focus goes with the choice, stops at the edge, and no shortcut of the notebook fires."""
    name = list(shown(panel)["grids"])[-1]
    row, column = tab_into(page, panel, name)
    panel.get_by_role("grid").last.evaluate("(grid) => grid.scrollIntoView({ block: 'center' })")
    before, where = notebook(page), place(page)
    steps = {"ArrowDown": (1, 0), "ArrowUp": (-1, 0), "ArrowRight": (0, 1), "ArrowLeft": (0, -1)}
    keys = ["ArrowDown"] * 4 + ["Home", "ArrowRight", "End", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowUp", "ArrowUp"]
    for key in [*keys, "ArrowUp"]:
        press(page, key)
        down, right = steps.get(key, (0, {"Home": -9, "End": 9}.get(key)))
        row, column = min(max(row + down, 0), 3), min(max(column + right, 0), 3)
        assert focused_cell(page) == [name, row, column]
        assert all(grid["chosen"] == [[row, column]] for grid in shown(panel)["grids"].values()), key
        assert place(page) == where
    for key in ("b", "m", "Enter"):
        press(page, key)
    assert notebook(page) == before
    assert focused_cell(page) == [name, row, column]


@heatmaps_in_english
def test_walking_over_cells_changes_no_number(page, panel):
    """Quickly, as a held key does: the sliders show the vectors of the chosen cell, they do not set them."""
    start = shown(panel)["grids"]
    tab_into(page, panel, "scores")
    for key in ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight"] * 3:
        page.keyboard.press(key)
    press(page, "Home", "ArrowUp")
    lab.settle(page)  # what a control sent back
    for name, grid in shown(panel)["grids"].items():
        assert grid["cells"] == start[name]["cells"]
    if panel.locator(".qkv-control-q0").count():
        assert lab.ask(page, "(explorer.state.queries, explorer.state.keys)") == "({}, {})"


@heatmaps_in_english
def test_each_heatmap_is_one_tab_stop(page, panel):
    """One Tab leads in, one Tab leads out, also after the choice moved."""
    for name in shown(panel)["grids"]:
        tab_into(page, panel, name)
        press(page, "ArrowRight", "ArrowDown")
        page.keyboard.press("Tab")
        at = focused_cell(page)
        assert at is None or at[0] != name
    for grid in panel.get_by_role("grid").all():
        assert grid.locator("[tabindex='0']").count() == 1


@heatmaps
def test_the_chosen_number_is_written_out(page, panel):
    """The terms of the dot product, or the division of the softmax: they add up, and NumPy agrees."""
    tokens = labels(panel)[0]
    Q, K = queries_and_keys(tokens)
    scores, weights = expected_scores(tokens), expected_weights(expected_scores(tokens))
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "Home"):
        tab_into(page, panel, "scores")
        press(page, key)
        now = shown(panel)
        [[row, column]] = now["grids"]["scores"]["chosen"]
        if "terms" in now["tables"]:
            head, *terms, total, scaled = now["tables"]["terms"]
            assert tokens[row] in head[1]
            assert tokens[column] in head[2]
            q, k, products = numbers([term[1:] for term in terms]).T
            np.testing.assert_allclose(q, Q[row], atol=HALF)
            np.testing.assert_allclose(k, K[column], atol=HALF)
            np.testing.assert_allclose(products, Q[row] * K[column], atol=HALF)
            assert number(total[-1]) == pytest.approx(products.sum(), abs=4 * HALF)
            assert number(total[-1]) == pytest.approx((Q[row] * K[column]).sum(), abs=HALF)
            assert number(scaled[-1]) == pytest.approx(scores[row, column], abs=HALF)
            assert scaled[-1] == now["grids"]["scores"]["cells"][row][column]
        else:
            bars = {label: number(value) for label, _, value in now["tables"]["bars"]}
            assert list(bars) == tokens
            np.testing.assert_allclose(list(bars.values()), weights[row], atol=HALF)
            [note] = filter(None, now["notes"])
            score, best, exp, total, weight = map(number, re.findall(r"[−-]?\d+\.\d+", note.replace("− ", "")))
            assert tokens[column] in note
            assert score == pytest.approx(scores[row, column], abs=HALF)
            assert best == pytest.approx(scores[row].max(), abs=HALF)
            assert exp == pytest.approx(np.exp(scores[row, column] - scores[row].max()), abs=HALF)
            assert total == pytest.approx(np.exp(scores[row] - scores[row].max()).sum(), abs=HALF)
            assert weight == pytest.approx(weights[row, column], abs=HALF)


# Legibility.

CONTRASTS = """(panel) => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const known = {};
    const rgba = (colour) => (known[colour] ??= measure(colour));
    const measure = (colour) => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a)).concat(1);
    const backgrounds = (element) => {  // more than one where it is striped
        const style = getComputedStyle(element);
        const own = rgba(style.backgroundColor);
        const below = own[3] === 1 ? [own] : backgrounds(element.parentElement).map((colour) => over(own, colour));
        const stripes = [...style.backgroundImage.matchAll(/rgba?\\([^)]*\\)/g)].map(([colour]) => rgba(colour));
        return below.flatMap((colour) => [colour, ...stripes.map((stripe) => over(stripe, colour))]);
    };
    const luminance = (colour) => colour.slice(0, 3)
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const opacity = (element) => (element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1);
    const measured = [];
    for (const element of panel.querySelectorAll("*")) {
        const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
        const text = (element.matches("input, select") ? element.value : own.join("")).replace(/\\u200b/g, "").trim();
        if (!text || element.matches("option, [type=checkbox], [type=range]") || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        for (const background of backgrounds(element)) {
            const [r, g, b, a] = rgba(element instanceof SVGElement ? style.fill : style.color);
            const text_colour = over([r, g, b, a * opacity(element)], background);
            const [dark, light] = [luminance(text_colour), luminance(background)].sort((one, other) => one - other);
            const kind = element.matches("[role=gridcell]") ? "cell" : "text";
            const ratio = (light + 0.05) / (dark + 0.05);
            measured.push({ text, kind, masked: element.matches(".qkv-masked"), ratio });
        }
    }
    return measured;
}"""


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"], ids=["light", "dark"])
def theme(request, page):
    """The page in a theme chosen from the menu, light again afterwards."""
    choose_theme(page, request.param)
    yield request.param
    choose_theme(page, "JupyterLab Light")


def choose_theme(page, name):
    if page.evaluate("document.body.dataset.jpThemeName") == name:
        return
    page.locator(".lm-MenuBar-itemLabel:text-is('Settings')").click()
    page.locator(".lm-Menu-itemLabel:text-is('Theme')").hover()
    page.locator(f".lm-Menu-itemLabel:text-is('{name}')").click()
    page.wait_for_function(
        """(name) => {
            const colour = getComputedStyle(document.body).getPropertyValue("--jp-layout-color0").trim();
            const [red] = colour.match(/^(#f|white)/) ?? [""];
            return document.body.dataset.jpThemeName === name && Boolean(red) === name.endsWith("Light");
        }""",
        arg=name,
    )
    lab.settle(page)


@in_english
def test_every_text_stands_out_from_its_background(page, panel, theme):
    """At least 4.5 to 1: labels, captions, controls, messages, and the number on every cell, masked ones too."""
    scenes = ["explorer.reset"]
    if panel.locator(".qkv-control-mask").count():
        scenes += ["weights.preset.causal", "weights.preset.sharp"]
    masked = 0
    for scene in scenes:
        preset(page, panel, scene)
        for name in ("sentence", "query"):
            if panel.locator(f".qkv-control-{name}").count():
                type_into(page, panel, name, "")  # a message too
                assert panel.get_by_role("alert").count() == 1
        measured = panel.evaluate(CONTRASTS)
        assert len(measured) > 15
        assert any(one["kind"] == "cell" for one in measured) == bool(panel.locator(".qkv-matrix").count())
        assert [one for one in measured if one["ratio"] < 4.5] == []
        masked += sum(one["masked"] for one in measured)
    assert bool(masked) == (len(scenes) > 1)
    preset(page, panel, "explorer.reset")


LAYOUT = """(panel) => {
    const box = (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { left, right, top, bottom };
    };
    const textBox = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return box(range);
    };
    const label = (head) => {  // what is seen of its text: the span clips it
        const [clip, text] = [box(head.firstChild), textBox(head.firstChild)];
        return {
            text: head.textContent,
            left: Math.max(clip.left, text.left), right: Math.min(clip.right, text.right),
            top: Math.max(clip.top, text.top), bottom: Math.min(clip.bottom, text.bottom),
        };
    };
    const output = box(panel.closest(".jp-OutputArea-output"));
    return [...panel.querySelectorAll(".qkv-picture:has([role=grid])")].map((picture) => ({
        output,
        scroll: box(picture.querySelector(".qkv-scroll")),
        table: box(picture.querySelector("table")),
        scrolls: ["auto", "scroll"].includes(getComputedStyle(picture.querySelector(".qkv-scroll")).overflowX),
        rows: [...picture.querySelectorAll("tbody th")].map(label),
        columns: [...picture.querySelectorAll("thead tr:last-child th:not(.qkv-sum)")].map(label),
        cells: [...picture.querySelectorAll("[role=gridcell]")]
            .filter((cell) => cell.textContent.trim())
            .map((cell) => ({ ...box(cell), inner: textBox(cell) })),
    }));
}"""


@heatmaps
@pytest.mark.parametrize("count", [2, 12, 40, 64])
def test_from_2_to_64_tokens_nothing_overlaps(page, panel, count):
    """Labels apart, tables within the output, numbers within their cells or, above 16 tokens, in the line below."""
    tokens = list(itertools.islice(itertools.cycle(WORDS[page.language]), count))
    type_sentence(page, panel, " ".join(tokens))
    assert labels(panel) == (tokens, tokens)
    for picture in panel.evaluate(LAYOUT):
        for heads in (picture["rows"], picture["columns"]):
            assert all(min(head["right"] - head["left"], head["bottom"] - head["top"]) > 2 for head in heads)
            assert [pair for pair in itertools.pairwise(heads) if overlap(*pair)] == []
        assert picture["scroll"]["right"] <= picture["output"]["right"] + 1
        assert picture["scrolls"] or picture["table"]["right"] <= picture["output"]["right"] + 1
        assert len(picture["cells"]) == (count**2 if count <= 16 else 0)
        assert all(within(cell["inner"], cell) for cell in picture["cells"])
    if count <= 16:
        return
    picture = panel.locator(".qkv-picture:has([role=grid])").first
    cell, readout = picture.get_by_role("gridcell").nth(count + 2), picture.locator(".qkv-readout")
    cell.click()
    lab.settle(page)
    assert readout.inner_text() == f"{tokens[1]} → {tokens[2]}: {cell.get_attribute('aria-label')}"
    assert re.search(r": −?\d+\.\d\d$", readout.inner_text())
    picture.get_by_role("gridcell").nth(3).hover()
    assert readout.inner_text().startswith(f"{tokens[0]} → {tokens[3]}: ")


def overlap(one, other, slack=0.5):
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > slack and down > slack


def within(inner, outer, slack=0.5):
    return (
        inner["left"] >= outer["left"] - slack
        and inner["right"] <= outer["right"] + slack
        and inner["top"] >= outer["top"] - slack
        and inner["bottom"] <= outer["bottom"] + slack
    )


# For a screen reader: what Chromium's accessibility tree says.


def accessible(page, panel, role):
    """The names of all parts of the panel with a role."""
    session = page.context.new_cdp_session(page)
    panel.evaluate("(panel) => { window.panel = panel; }")
    node = session.send("Runtime.evaluate", {"expression": "window.panel"})["result"]["objectId"]
    found = session.send("Accessibility.queryAXTree", {"objectId": node, "role": role})["nodes"]
    session.detach()
    return [one.get("name", {}).get("value", "") for one in found if not one["ignored"]]


def test_every_control_has_a_name_of_its_own(page, panel):
    """No name is empty or made of invisible characters, and no two controls of a kind share one."""
    roles = ["slider", "textbox", "checkbox", "combobox", "button"]
    names = {role: accessible(page, panel, role) for role in roles}
    assert sum(map(len, names.values())) >= panel.locator(".qkv-control").count()
    for role, found in names.items():
        assert all(re.search(r"\w", name) for name in found), (role, found)
        assert len(set(found)) == len(found), (role, found)
    for key in ("control.scale", "control.by_column"):
        if panel.get_by_text(words.table(page.language)[key]).count():
            assert words.table(page.language)[key] in names["checkbox"]


@in_english
def test_a_slider_says_the_value_that_it_shows(page, panel):
    """A screen reader hears the number that stands beside the slider."""
    for control in panel.locator(".qkv-control:has([role=slider])").all():
        slider = control.get_by_role("slider")
        slider.focus()
        press(page, "ArrowRight")
        said = slider.get_attribute("aria-valuetext")
        assert number(said) == pytest.approx(number(control.locator(".widget-readout").inner_text()), abs=HALF)
        assert len(said) < 8


@heatmaps
def test_every_heatmap_is_a_table_with_names(page, panel):
    """Grids with a caption, headers with their scope, numbers in the cells."""
    grids = panel.get_by_role("grid").all()
    tokens = labels(panel)[0]
    assert all(name.strip() for name in accessible(page, panel, "grid"))
    assert len(accessible(page, panel, "grid")) == len(grids) >= 1
    for grid in grids:
        assert grid.locator("caption").inner_text().strip()
        assert grid.locator("tbody th[scope=row]").all_inner_texts() == tokens
        assert grid.locator("thead th[scope=col]:not(.qkv-sum)").all_inner_texts() == tokens
    cells = accessible(page, panel, "gridcell")
    assert len([name for name in cells if re.fullmatch(r"−?\d+\.\d\d", name)]) >= len(grids) * len(tokens) ** 2
    assert set(tokens) <= set(accessible(page, panel, "rowheader"))
    assert set(tokens) <= set(accessible(page, panel, "columnheader"))
    for table in panel.locator("table").all():
        assert table.locator("caption").inner_text().strip()


# Lesson 01: a search, and the videos that the reader writes.

search = lessons("01_search_analogy")
search_in_english = lessons("01_search_analogy", languages=["en"])

BAR = """(panel) => {
    const colour = (element) => getComputedStyle(element).backgroundColor;
    const widths = (elements) => [...elements].map((element) => element.getBoundingClientRect().width);
    const [line] = widths(panel.querySelectorAll(".qkv-segments"));
    const [meter] = widths(panel.querySelectorAll(".qkv-meter"));
    const videos = [...panel.querySelectorAll(".qkv-hits tbody tr")];
    return {
        meters: videos.map((video) => widths(video.querySelectorAll(".qkv-bar")).map((width) => width / meter)),
        segments: widths(panel.querySelectorAll(".qkv-segments > div")).map((width) => width / line),
        colours: [...panel.querySelectorAll(".qkv-segments > div")].map(colour),
        of_videos: videos.map((video) => colour(video.querySelector(".qkv-swatch"))),
        of_parts: [...panel.querySelectorAll(".qkv-stack .qkv-swatch")].map(colour),
    };
}"""
BOXES = ("title", "content")
FOCUSED = "[...document.querySelectorAll('.qkv-hits[role=grid] tbody tr')].indexOf(document.activeElement)"


def similarity(one, other):
    """Cosine of the counts of all runs of two and three letters, counted here anew."""
    one, other = map(count_runs, (one, other))
    shared = sum(one[run] * other[run] for run in one)
    return shared and shared / math.hypot(*one.values()) / math.hypot(*other.values())


def count_runs(text):
    runs = Counter()
    for word in re.findall(r"\w+", text.casefold()):
        runs.update(itertools.pairwise(word))
        runs.update(zip(word, word[1:], word[2:], strict=False))
        runs.update([word] if len(word) == 1 else [])
    return runs


def check_search(panel, query, titles, contents, sharpness=10.0):
    """All that is shown is what this search gives: texts, numbers, lengths and colours. Gives matches and weights."""
    now, drawn = shown(panel), panel.evaluate(BAR)
    hits, [_, *parts] = now["grids"]["hits"], now["tables"]["mixture"]
    assert panel.locator(".qkv-control-query input").input_value() == query
    assert hits["rows"] == titles
    assert [content for *_, content in hits["cells"]] == contents
    matches = np.array([similarity(query, title) for title in titles])
    exps = np.exp(sharpness * (matches - matches.max()))
    weights = exps / exps.sum()
    both = np.array([matches, weights]).T
    np.testing.assert_allclose(numbers([cells[:2] for cells in hits["cells"]]), both, atol=HALF)
    np.testing.assert_allclose(drawn["meters"], both, atol=0.02)
    shares = {content: weights[[other == content for other in contents]].sum() for content in contents}
    assert [value for value, _ in parts] == list(shares)
    np.testing.assert_allclose([number(share) for _, share in parts], list(shares.values()), atol=HALF)
    np.testing.assert_allclose(drawn["segments"], list(shares.values()), atol=0.02)
    assert len(set(drawn["colours"])) == len(shares)
    assert drawn["colours"] == drawn["of_parts"]
    assert drawn["of_videos"] == [drawn["colours"][list(shares).index(content)] for content in contents]
    return matches, weights


def videos(page):
    """What the lesson starts from: query, titles and contents."""
    of_language = qkvlib.VIDEOS[page.language]
    return qkvlib.QUERIES[page.language], list(of_language), list(of_language.values())


def chosen_video(panel):
    """Which row is marked, and what stands in the boxes of its title and its content."""
    marks = [row.get_attribute("aria-selected") for row in panel.locator(".qkv-hits tbody tr").all()]
    assert sorted(marks) == ["false"] * (len(marks) - 1) + ["true"]
    return [marks.index("true"), *(panel.locator(f".qkv-control-{box} input").input_value() for box in BOXES)]


@search
def test_a_query_gets_the_matches_and_the_mixture_that_counting_gives(page, panel):
    """The lesson's query, and two that are typed."""
    query, titles, contents = videos(page)
    check_search(panel, query, titles, contents)
    best = []
    queries = {"en": ("a cat on a sofa", "Bicycle, bicycle!"), "ja": ("猫のソファ", "自転車、ピアノ")}
    for query in queries[page.language]:
        type_into(page, panel, "query", query)
        matches, _ = check_search(panel, query, titles, contents)
        best.append(matches.argmax())
    assert best == [2, 0]


@search
def test_enter_that_ends_a_conversion_searches_nothing(page, panel):
    """Only the Enter after it does."""
    _, titles, contents = videos(page)
    compose(page, panel, panel.locator(".qkv-control-query input"), "カレンダー")
    press(page, "Enter")
    check_search(panel, "カレンダー", titles, contents)


@search
def test_sharpness_leads_from_all_equal_to_only_the_best(page, panel):
    """By keys to both ends; the matches stay, and the buttons lead to the same ends."""
    start = videos(page)
    slider = panel.locator(".qkv-control-sharpness [role=slider]")
    slider.focus()
    ends = []
    for key, sharpness in (("Home", 0.01), ("End", 1000.0), ("Home", 0.01)):
        press(page, key)
        matches, weights = check_search(panel, *start, sharpness)
        np.testing.assert_allclose(weights, 1 / 7 if key == "Home" else matches == matches.max(), atol=0.001)
        ends.append(shown(panel))
    for button, end in (("best", 1), ("all", 0)):
        preset(page, panel, f"search.preset.{button}")
        assert shown(panel) == ends[end]
    assert panel.locator(".qkv-segments").inner_text().split() == ["0.14"] * 7


@search
def test_clickbait_swaps_two_titles_and_brings_the_cat_home(page, panel):
    """Keys decide what is found, values what is got; Reset swaps them back."""
    query, titles, contents = videos(page)
    _, before = check_search(panel, query, titles, contents)
    swapped = [*titles]
    swapped[2], swapped[4] = titles[4], titles[2]
    for _ in range(2):
        preset(page, panel, "search.preset.clickbait")
        _, after = check_search(panel, query, swapped, contents)
        assert chosen_video(panel) == [2, titles[4], contents[2]]
        preset(page, panel, "explorer.reset")
        check_search(panel, query, titles, contents)
    np.testing.assert_allclose(after[[2, 4]], before[[4, 2]])


@search
def test_a_click_chooses_a_video_and_its_texts_can_be_changed(page, panel):
    """A title changes what is found; two contents that are the same become one part of one colour."""
    query, titles, contents = videos(page)
    for row in (2, 0):
        panel.locator(".qkv-hits tbody tr").nth(row).get_by_role("gridcell").last.click()
        lab.settle(page)
        assert chosen_video(panel) == [row, titles[row], contents[row]]
        assert page.evaluate(FOCUSED) == row
    titles[0] = query
    type_into(page, panel, "title", query)
    matches, _ = check_search(panel, query, titles, contents)
    assert matches[0] == pytest.approx(1)
    contents[0] = contents[4]
    type_into(page, panel, "content", contents[4])
    check_search(panel, query, titles, contents)
    assert panel.locator(".qkv-segments > div").count() == 6
    assert chosen_video(panel) == [0, query, contents[4]]
    contents[0] = "x"
    type_into(page, panel, "content", "x")
    check_search(panel, query, titles, contents)
    assert panel.locator(".qkv-segments > div").count() == 7


@search_in_english
def test_a_title_that_is_left_with_a_click_belongs_to_the_video_it_was_typed_for(page, panel):
    """Without Enter: the click that leaves the box chooses another video."""
    query, titles, contents = videos(page)
    for row, other in ((1, 5), (5, 3)):
        panel.locator(".qkv-hits tbody tr").nth(row).click()
        lab.settle(page)
        panel.locator(".qkv-control-title input").select_text()
        titles[row] = f"delicious {row}"
        page.keyboard.insert_text(titles[row])
        panel.locator(".qkv-hits tbody tr").nth(other).click()
        lab.settle(page)
        check_search(panel, query, titles, contents)
        assert chosen_video(panel) == [other, titles[other], contents[other]]


@search
def test_tab_and_arrow_keys_choose_a_video_and_leave_the_notebook_alone(page, panel):
    """The focus goes with the choice and stops at the edge; the table is one tab stop; no shortcut fires."""
    start, last = videos(page), 6
    panel.locator(".qkv-control-content input").focus()
    before = notebook(page)
    page.keyboard.press("Tab")
    row = page.evaluate(FOCUSED)
    assert row == chosen_video(panel)[0] == 4
    where = place(page)
    steps = {"ArrowDown": 1, "ArrowUp": -1, "Home": -9, "End": 9}
    for key in ("ArrowDown", "ArrowUp", "End", "ArrowDown", "ArrowUp", "Home", "ArrowUp", "ArrowDown"):
        press(page, key)
        row = min(max(row + steps[key], 0), last)
        assert page.evaluate(FOCUSED) == row
        assert chosen_video(panel) == [row, start[1][row], start[2][row]]
        assert place(page) == where
    press(page, "b", "m", "Enter", "ArrowRight")
    assert notebook(page) == before
    check_search(panel, *start)
    assert panel.locator(".qkv-hits [tabindex='0']").count() == 1
    page.keyboard.press("Shift+Tab")
    assert panel.locator(".qkv-control-content input").evaluate("(box) => box === document.activeElement")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == row
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == -1


@search
def test_a_query_with_nothing_in_common_is_told_in_words(page, panel):
    """No error: every match is 0, and all weights are equal. The remark goes with the next query."""
    _, titles, contents = videos(page)
    status = panel.get_by_role("status")
    assert status.inner_text() == ""
    for query in ("qqq", "!?"):
        type_into(page, panel, "query", query)
        matches, weights = check_search(panel, query, titles, contents)
        assert not matches.any()
        np.testing.assert_allclose(weights, 1 / 7)
        assert status.inner_text() == words.table(page.language)["search.no_match"]
        assert panel.get_by_role("alert").count() == 0
    type_into(page, panel, "query", titles[0])
    check_search(panel, titles[0], titles, contents)
    assert status.inner_text() == ""


@search
@pytest.mark.parametrize("name", ["query", *BOXES])
def test_an_empty_text_is_told_beside_its_box_and_the_picture_stays(page, panel, name):
    """In the reader's language; mended, the message goes."""
    before, table = shown(panel), words.table(page.language)
    for useless, message in (("", "error.empty_text"), ("  ", "error.empty_text"), ("x" * 201, "error.long_text")):
        box = type_into(page, panel, name, useless)
        alert = panel.get_by_role("alert")
        assert alert.all_inner_texts() == [table[message].format(length=201, limit=200)]
        assert beside(alert.bounding_box(), box.bounding_box())
        assert box.get_attribute("aria-invalid") == "true"
        assert panel.locator("[aria-invalid=true]").count() == 1
        assert shown(panel) == before
    type_into(page, panel, name, "cat 猫")
    assert panel.get_by_role("alert").count() == 0
    assert box.get_attribute("aria-invalid") == "false"
    assert shown(panel) != before


@search_in_english
def test_choosing_another_video_takes_a_useless_title_away(page, panel):
    """The boxes show the video that is chosen, and no message is left of the other."""
    _, titles, contents = videos(page)
    for row in (3, 4, 4):
        type_into(page, panel, "title", "")
        assert panel.get_by_role("alert").count() == 1
        panel.locator(".qkv-hits tbody tr").nth(row).click()
        lab.settle(page)
        assert panel.get_by_role("alert").count() == 0
        assert chosen_video(panel) == [row, titles[row], contents[row]]


@search_in_english
def test_markup_typed_into_a_search_appears_as_typed(page, panel):
    """As query, title and content: no element is made of it, nothing runs, and no formula is set."""
    _, titles, contents = videos(page)
    for text in ("<b>x</b> a<b<c", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "$x$ &lt;"):
        titles[4] = contents[4] = text
        for name in ("query", *BOXES):
            assert type_into(page, panel, name, text).input_value() == text
        check_search(panel, text, titles, contents)
        assert panel.locator("b, img, script, mjx-container, .MathJax").count() == 0


@search
def test_long_texts_are_cut_on_the_page_and_whole_in_their_tips(page, panel):
    """200 letters: the tables keep their place, one line for each video."""
    query, titles, contents = videos(page)
    before, height = place(page), panel.locator(".qkv-hits").bounding_box()["height"]
    titles[4], contents[4] = ("curry カレー " * 20).strip(), "あ" * 200
    for name, text in zip(BOXES, (titles[4], contents[4]), strict=True):
        type_into(page, panel, name, text)
        for cut in panel.get_by_title(text, exact=True).all():
            assert cut.text_content() == text
            assert cut.bounding_box()["width"] < 260
        assert panel.get_by_title(text, exact=True).count() == 1 + (name == "content")  # once more in the mixture
    check_search(panel, query, titles, contents)
    assert place(page)[1] == pytest.approx(before[1], abs=8)  # another font may need a little more
    assert panel.locator(".qkv-hits").bounding_box()["height"] == pytest.approx(height, abs=8)
    right = panel.evaluate("(panel) => panel.closest('.jp-OutputArea-output').getBoundingClientRect().right")
    for table in panel.locator("table").all():
        assert table.bounding_box()["x"] + table.bounding_box()["width"] <= right + 1


@search
def test_the_search_is_a_table_with_names(page, panel):
    """Captions, headers with their scope, rows that say which is chosen, numbers in the cells."""
    _, titles, contents = videos(page)
    table = words.table(page.language)
    hits, mixture = panel.get_by_role("grid"), panel.locator("table.qkv-stack")
    assert accessible(page, panel, "grid") == [table["search.title"]]
    heads = [table[f"search.{column}"] for column in ("key", "match", "weight", "value")]
    assert hits.locator("caption").inner_text() == table["search.title"]
    assert hits.locator("thead th[scope=col]").all_inner_texts() == heads == accessible(page, panel, "columnheader")
    assert hits.locator("tbody th[scope=row]").all_text_contents() == titles
    assert mixture.locator("caption").inner_text() == table["search.mixture"].format(sum="1.00")
    assert mixture.locator("th[scope=row]").all_text_contents() == contents
    assert accessible(page, panel, "rowheader") == titles + contents
    cells = accessible(page, panel, "gridcell")
    assert len(cells) == 21
    assert all(re.fullmatch(r"[01]\.\d\d", cell) for cell in cells[::3] + cells[1::3])
    assert cells[2::3] == contents


# Lesson 04: arrows, bars that are sliders, and the chain.

mixing = lessons("04_mixing_values")
mixing_in_english = lessons("04_mixing_values", languages=["en"])

PLANE = """(panel) => {
    const box = (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { left, right, top, bottom };
    };
    const labels = [...panel.querySelectorAll(".qkv-tip-label")];
    return {
        plane: box(panel.querySelector(".qkv-plane")),
        labels: labels.map((label) => ({ text: label.textContent, ...box(label) })),
        tips: [...panel.querySelectorAll(".qkv-tip-dot")].map(box),
    };
}"""


def table(panel):
    """Lesson 04's sum as numbers: weight, value x and y, part x and y for each token; and the output."""
    _, *rows, foot = shown(panel)["tables"]["terms"]
    found = [[number(text) for text in re.findall(r"−?\d+\.\d+", " ".join(row[1:4]))] for row in rows]
    return np.array(found), [number(text) for text in re.findall(r"−?\d+\.\d+", foot[-1])]


@mixing
def test_the_mixture_is_what_numpy_computes(page, panel):
    """Weights, values, parts and output of the lesson's sentence."""
    tokens = panel.locator(".qkv-control-sentence input").input_value().split()
    rows, output = table(panel)
    weights = expected_weights(expected_scores(tokens))[0]
    V = np.array([qkvlib.KNOWN[token.lower()] for token in tokens]) @ qkvlib.W_v
    np.testing.assert_allclose(rows[:, 0], weights, atol=HALF)
    np.testing.assert_allclose(rows[:, 1:3], V, atol=HALF)
    np.testing.assert_allclose(rows[:, 3:5], weights[:, None] * V, atol=HALF)
    np.testing.assert_allclose(output, np.einsum("k,kd->d", weights, V), atol=HALF)


@mixing
def test_a_tip_follows_the_pointer_and_leaves_the_weights_alone(page, panel):
    """Pulled twice: value and output follow, the bars and the other values do not."""
    before, _ = table(panel)
    go = int(before[:, 2].argmax())  # has room to the right and below: the scale stays
    tip = panel.locator(".qkv-tip").nth(go)
    for move in ((60, 40), (-30, 50)):
        box, (start, old) = tip.locator(".qkv-tip-dot").bounding_box(), table(panel)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + move[0], y + move[1], steps=8)
        page.mouse.up()
        lab.settle(page)
        rows, output = table(panel)
        moved = rows[go, 1:3] - start[go, 1:3]
        np.testing.assert_allclose(moved, np.array([1, -1]) * move / 144, atol=0.02)
        np.testing.assert_allclose(np.subtract(output, old), rows[go, 0] * moved, atol=3 * HALF)
        np.testing.assert_array_equal(rows[:, 0], before[:, 0])
        np.testing.assert_array_equal(np.delete(rows, go, 0), np.delete(before, go, 0))
    assert tip.evaluate("(tip) => tip === document.activeElement")


@mixing_in_english
def test_a_tip_pulled_out_of_the_plane_changes_the_scale_and_says_so(page, panel):
    """Until the button is let go the scale stays, so that the arrow does not run away."""
    tip, note = panel.locator(".qkv-tip").nth(3), panel.locator(".qkv-picture-plane .qkv-note")
    box, plane = tip.locator(".qkv-tip-dot").bounding_box(), panel.locator(".qkv-plane").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(plane["x"] + plane["width"] / 2 + 2 * 144 + 5, box["y"] + 5, steps=5)
    lab.settle(page)
    during = table(panel)[0][3, 1]
    page.mouse.up()
    lab.settle(page)
    assert table(panel)[0][3, 1] == during == pytest.approx(2, abs=0.05)
    assert "3" in note.inner_text()
    tip_box = tip.locator(".qkv-tip-dot").bounding_box()
    assert within_box(tip_box, plane)
    preset(page, panel, "explorer.reset")
    assert note.inner_text() == ""


def within_box(inner, outer):
    return (
        outer["x"] <= inner["x"] <= outer["x"] + outer["width"] - inner["width"]
        and outer["y"] <= inner["y"] <= outer["y"] + outer["height"] - inner["height"]
    )


@mixing_in_english
def test_arrow_keys_move_a_tip_and_nothing_else(page, panel):
    """One step a key, also again and back; the notebook stays."""
    tip = panel.locator(".qkv-tip").nth(2)
    tip.focus()
    before, where = notebook(page), place_of(page, panel)
    start = table(panel)[0]
    for key, way in (
        ("ArrowUp", (0, 0.05)),
        ("ArrowUp", (0, 0.1)),
        ("ArrowRight", (0.05, 0.1)),
        ("ArrowDown", (0.05, 0.05)),
    ):
        press(page, key)
        np.testing.assert_allclose(table(panel)[0][2, 1:3] - start[2, 1:3], way, atol=1e-9)
        assert place_of(page, panel) == where
    press(page, "b", "m")
    assert notebook(page) == before
    said = tip.get_attribute("aria-valuetext")
    assert all(f"{value:.2f}".replace("-", "−") in said for value in table(panel)[0][2, 1:3])


def place_of(page, panel):
    return page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop"), panel.bounding_box()


@mixing_in_english
def test_a_bar_is_a_slider_and_the_others_give_way(page, panel):
    """By keys, three times: the sum stays 1 and the others keep their proportions."""
    slider = panel.locator(".qkv-bar-slider").nth(3)
    slider.focus()
    before, start = notebook(page), table(panel)[0][:, 0]
    for _ in range(3):
        press(page, "ArrowRight")
    press(page, "End")
    assert table(panel)[0][:, 0].tolist() == [0, 0, 0, 1]
    assert not panel.locator(".qkv-control-from_qk input").is_checked()
    slider.fill("0.4")
    lab.settle(page)
    weights = table(panel)[0][:, 0]
    np.testing.assert_allclose(weights, [0.2, 0.2, 0.2, 0.4], atol=HALF)
    assert notebook(page) == before
    panel.locator(".qkv-control-from_qk input").check()
    lab.settle(page)
    np.testing.assert_array_equal(table(panel)[0][:, 0], start)


@mixing
@pytest.mark.parametrize("count", [2, 7, 12, 16])
def test_labels_of_tips_are_apart_and_inside(page, panel, count):
    tokens = list(itertools.islice(itertools.cycle(WORDS[page.language]), count))
    type_sentence(page, panel, " ".join(tokens))
    drawn = panel.evaluate(PLANE)
    assert len(drawn["labels"]) == len(drawn["tips"]) == count
    assert all(within(label, drawn["plane"], slack=3) for label in drawn["labels"])
    if count <= len(WORDS[page.language]):  # a repeated word has its values, and so its tips, at one place
        assert [pair for pair in itertools.combinations(drawn["labels"], 2) if overlap(*pair, slack=3)] == []


@mixing
def test_any_number_of_the_chain_shows_what_it_was_made_from(page):
    """A click in each matrix: the terms lead to the number that was clicked, and the sources are marked."""
    panel = lab.explorer(page, "ChainExplorer(")
    for name in ("X", "Q", "K", "V", "scores", "weights", "output"):
        cell = panel.locator(f".qkv-picture-{name} tbody tr").nth(1).get_by_role("gridcell").nth(1)
        cell.click()
        lab.settle(page)
        assert cell.get_attribute("aria-selected") == "true"
        assert panel.locator("[aria-selected=true]").count() == 1
        rows = shown(panel)["tables"]["terms"]
        assert rows[-1][-1] == cell.inner_text()
        n_sources = {"X": 0, "Q": 4, "K": 4, "V": 4, "scores": 6, "weights": 4, "output": 8}[name]
        assert panel.locator(".qkv-source").count() == n_sources
    assert page.problems == []


@mixing_in_english
def test_the_chain_takes_over_what_was_set_above(page, panel):
    """The sentence and the values of the first explorer, when the cell is run again."""
    type_sentence(page, panel, "the cat saw the dog")
    panel.locator(".qkv-tip").nth(1).focus()
    press(page, "ArrowUp")
    rows, output = table(panel)
    index = lab.show_cell(page, "ChainExplorer(")
    page.evaluate("(index) => { jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    lab.settle(page)
    chain = lab.explorer(page, "ChainExplorer(")
    chain.locator(".qkv-picture-V tbody tr").nth(4).wait_for()
    grids = shown(chain)["grids"]
    assert grids["V"]["rows"] == ["the", "cat", "saw", "the", "dog"]
    np.testing.assert_array_equal(numbers(grids["V"]["cells"]), rows[:, 1:3])
    np.testing.assert_array_equal(numbers(grids["output"]["cells"])[0], output)


# Long work.


@lessons("05_why_three")
def test_a_training_is_watched_cancelled_and_gone_back_through(page):
    panel = lab.explorer(page, "TrainingExplorer(")
    step, title = panel.locator(".qkv-control-step .noUi-handle"), panel.locator(".qkv-picture-weights caption")
    start, cancel = (panel.locator(f"button:has(.fa-{icon})") for icon in ("play", "stop"))
    panel.locator(".qkv-control-seed .noUi-handle").focus()
    press(page, "ArrowRight")
    assert title.text_content() == words.table(page.language)["training.weights"].format(step=0)
    heights = panel.bounding_box()["height"]
    start.click()
    page.wait_for_function("(bar) => bar.style.width !== '0%'", arg=panel.locator(".progress-bar").element_handle())
    cancel.click()
    start.and_(panel.locator("button:enabled")).wait_for()
    lab.settle(page)
    stopped = title.text_content()
    page.wait_for_timeout(300)
    assert title.text_content() == stopped
    start.click()
    panel.locator(".qkv-picture-weights caption", has_text="300").wait_for()
    start.and_(panel.locator("button:enabled")).wait_for()
    assert panel.locator(".qkv-picture-answers tbody td:nth-child(3)").all_text_contents() != []
    assert "✗" not in "".join(panel.locator(".qkv-picture-answers tbody").all_text_contents())
    step.focus()
    for expected in (295, 290):
        press(page, "ArrowLeft")
        assert title.text_content() == words.table(page.language)["training.weights"].format(step=expected)
    assert abs(panel.bounding_box()["height"] - heights) < 40  # the page does not jump
    panel.get_by_role("button").nth(3).click()  # Reset
    lab.settle(page)
    assert page.problems == []


@lessons("05_why_three", languages=["en"])
def test_a_cell_and_a_slider_answer_while_long_work_runs(page):
    ties, training = lab.explorer(page, "TiesExplorer("), "TrainingExplorer("
    ties.locator("button:has(.fa-play)").click()
    page.wait_for_function("(bar) => bar.style.width !== '0%'", arg=ties.locator(".progress-bar").element_handle())
    panel = lab.explorer(page, training)
    panel.locator(".qkv-control-step .noUi-handle").focus()
    before = panel.locator(".qkv-picture-weights caption").text_content()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "([caption, before]) => caption.textContent !== before",
        arg=[panel.locator(".qkv-picture-weights caption").element_handle(), before],
        timeout=5000,
    )
    ties = lab.explorer(page, "TiesExplorer(")
    assert ties.locator("button:has(.fa-stop)").is_enabled()  # still at work
    ties.locator("button:has(.fa-stop)").click()
    ties.get_by_role("button").first.click()  # Reset
    lab.settle(page)
    assert page.problems == []


@lessons("05_why_three")
def test_the_x_of_curves_is_chosen_with_keys_and_pointer(page):
    panel = lab.explorer(page, "TrainingExplorer(")
    svg, said = panel.locator(".qkv-curves"), panel.locator(".qkv-curves-key thead th")
    svg.focus()
    page.keyboard.press("Home")
    lab.settle(page)
    assert said.text_content().endswith(" 0")
    assert svg.get_attribute("aria-valuetext") == "0"
    for expected in ("5", "10"):
        press(page, "ArrowRight")
        assert svg.get_attribute("aria-valuetext") == expected
    frame = panel.locator(".qkv-frame").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + 20)
    lab.settle(page)
    assert svg.get_attribute("aria-valuetext") == "150"
    assert panel.locator(".qkv-control-step .widget-readout").text_content() == "150"
    panel.get_by_role("button").nth(3).click()  # Reset
    lab.settle(page)
    assert page.problems == []


# The reader's own code.


def test_the_exercise_tells_right_from_wrong(page):
    """A solution is typed into the cell and run: a tick, or a hint that names the mistake."""
    source = next(cell for cell in json.loads((ROOT / page.path).read_text())["cells"] if cell["id"] == "exercise")
    call, check, arguments = re.search(r"(qkvlib\.(\w+)\((.*)\))$", "".join(source["source"])).groups()
    right, wrong, hint = SOLUTIONS[check]
    own = f"exercise.{check.removeprefix('check_')}.right"
    praise = own if own in words.table("en") else "exercise.right"
    cell = page.locator(".jp-Notebook .jp-Cell").nth(lab.show_cell(page, call))
    for body, sign, words_of in ((wrong, "✗", f"exercise.hint.{hint}"), (right, "✓", praise)):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f"{body if body[0] == chr(10) else f'def {arguments}{body}'}\n\n\n{call}")
        page.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea-output", has_text=sign).wait_for()
        said = words.table(page.language)[words_of].split("{")[0]
        assert said in cell.locator(".jp-OutputArea-output").inner_text()
    page.keyboard.press("Escape")
    assert page.problems == []


# Saving.


def test_a_notebook_that_was_run_and_saved_reopens_with_pictures(browser, tmp_path):
    """In a copy: the file keeps the pictures, not the live views, and the page goes on working after saving."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    path = NOTEBOOKS[-1].as_posix()
    with lab.start_lab(tmp_path) as url:
        page = lab.open_notebook(browser, url, path)
        lab.run_all(page)
        page.keyboard.press("Control+s")
        page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
        panel = lab.explorer(page)
        panel.locator("[role=slider]").first.focus()
        before = shown(panel)
        press(page, "ArrowRight")
        assert shown(panel) != before
        assert page.problems == []
        page.close()
        saved = json.loads((tmp_path / path).read_text())
        assert "widget-view" not in json.dumps(saved)
        assert "widgets" not in saved["metadata"]
        page = lab.open_notebook(browser, url, path)
        index = lab.show_cell(page, "Explorer(")
        cell = page.locator(".jp-Notebook .jp-Cell").nth(index)
        cell.locator("img").wait_for()
        assert cell.locator("img").bounding_box()["width"] > 400
        assert "model not found" not in page.locator(".jp-Notebook").text_content()
        assert page.locator(".jp-Dialog").count() == 0
        assert page.problems == []
        page.close()


# Pictures to look at.


@pytest.mark.skipif("QKV_SCREENSHOTS" not in os.environ, reason="set QKV_SCREENSHOTS=folder to get screenshots")
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)], ids=lambda size: f"{size[1]}p")
def test_screenshots(page, panel, theme, size):
    """The explorer at the sizes of a projector and of a desk."""
    folder = Path(os.environ["QKV_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.explorer(page)
    stem = f"{page.path.stem}-{page.language}-{theme.split()[-1].lower()}-{size[1]}"
    page.screenshot(path=folder / f"{stem}-page.png")
    panel.screenshot(path=folder / f"{stem}.png")
    page.set_viewport_size(lab.SIZE)
    assert (folder / f"{stem}.png").stat().st_size > 5000
