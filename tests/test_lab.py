"""Every panel in JupyterLab as a reader uses it: by mouse, keys and input method, in both themes."""

import base64
import itertools
import re

import lab
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import EXPLORERS, LESSONS, words_of_length
from page import middle, overlap

from qkvlib import words
from qkvlib.explorers.base import SentenceExplorer
from qkvlib.views.look import contrast

EVERY_EXPLORER = [make.name for make in EXPLORERS]
PANELS = {make.name: f"qkvlib.{make.__name__}()" for make in EXPLORERS}
PANELS |= {f"predict-{lesson}": f"qkvlib.Predict({lesson!r})" for lesson in LESSONS}
WORDS = ["I", "学校", "go", "インターネット", "interpretations", "アイスクリーム屋さん", "a", "犬", "attention"]
AS_TYPED = ["<b>x</b>", "a<b<c", "<img", "src=x", "onerror=alert(1)>", "<script>", "$x$"]


def on(*names):
    """The test runs on these panels only."""
    return pytest.mark.parametrize("panel", names, indirect=True)


@pytest.fixture(scope="module")
def page(browser, server, root):
    """One notebook with every panel, each in a cell of its own, run."""
    code = ["import qkvlib\n\npanels = {}"]
    code += [f"panels[{name!r}] = {source}\npanels[{name!r}]" for name, source in PANELS.items()]
    return lab.open_cells(browser, server, root, "panels.ipynb", code)


@pytest.fixture(params=PANELS)
def panel(request, page):
    """A panel as a lesson starts it, in view; afterwards nothing must have gone wrong on the page."""
    panel = panel_of(page, request.param)
    panel.name = request.param
    panel.get_by_text(words.table("en")["explorer.reset"], exact=True).evaluate("(button) => button.click()")
    lab.settle(page)
    yield panel
    assert page.problems == []


@pytest.fixture(scope="module", params=["JupyterLab Light", "JupyterLab Dark", "elsewhere"])
def theme(request, page):
    """A theme chosen from the menu, or what there is outside of JupyterLab."""
    if request.param == "elsewhere":
        page.evaluate(ELSEWHERE)
    elif page.evaluate("document.body.dataset.jpThemeName") != request.param:
        page.locator(".lm-MenuBar-itemLabel:text-is('Settings')").click()
        page.locator(".lm-Menu-itemLabel:text-is('Theme')").hover()
        page.locator(f".lm-Menu-itemLabel:text-is('{request.param}')").click()
        page.wait_for_function(
            """(name) => document.body.dataset.jpThemeName === name && name.endsWith("Light") === /^ *(#f|white)/.test(
                getComputedStyle(document.body).getPropertyValue("--jp-layout-color0"))""",
            arg=request.param,
        )


ELSEWHERE = """() => {  // what VS Code has in dark mode: #ccc around a white output, and few colours of JupyterLab
    document.body.removeAttribute("data-jp-theme-light");
    document.body.style.color = "#ccc";
    const set = (value) => (name) => document.documentElement.style.setProperty(`--jp-${name}`, value);
    ["content-font-color1", "ui-font-color1", "widgets-color", "widgets-label-color"].forEach(set("#ccc"));
    ["layout-color0", "layout-color1", "layout-color2", "border-color1"].forEach(set("initial"));
}"""


def panel_of(page, name):
    lab.show_cell(page, f"panels[{name!r}]")
    return page.locator(f".qkv-panel-{name}")


def press(page, *keys):
    """Press one key after the other, each when all is done that the one before asked for."""
    for key in keys:
        page.keyboard.press(key)
        lab.settle(page)


def type_into(page, panel, name, text):
    """Replace what stands in the box of a control, press Enter, and give the box."""
    box = panel.locator(f".qkv-control-{name} input")
    box.focus()
    box.select_text()
    page.keyboard.insert_text(text) if text else page.keyboard.press("Delete")
    press(page, "Enter")
    return box


SORTED = """(board) => {  // attributes, whose order tells only which of them was set last
    const copy = board.cloneNode(true);
    for (const part of copy.querySelectorAll("*")) {
        const attributes = [...part.attributes].sort((one, other) => (one.name < other.name ? -1 : 1));
        for (const { name } of attributes) part.removeAttribute(name);
        for (const { name, value } of attributes) if (value || name !== "class") part.setAttribute(name, value);
    }
    return copy.innerHTML;
}"""


def pictures(panel):
    return panel.locator(".qkv-board").evaluate(SORTED)


def labels(panel):
    """The labels of the rows of each table in which a cell can be chosen."""
    return [grid.locator("tbody th").all_text_contents() for grid in panel.get_by_role("grid").all()]


def notebook(page):
    """What a stray shortcut would change: the active cell, the mode, and each cell's type and source."""
    return page.evaluate("""() => {
        const { activeCellIndex, mode, model } = jupyterapp.shell.currentWidget.content;
        const cells = [...model.cells].map(({ type, sharedModel }) => [type, sharedModel.getSource()]);
        return [activeCellIndex, mode, cells];
    }""")


def place(panel):
    """What a jump would change: where the panel's output begins in the window, and how high it is."""
    output = panel.evaluate("(panel) => panel.closest('.jp-OutputArea').getBoundingClientRect().toJSON()")
    return output["top"], output["height"]


# Keys.

STOP = """(panel, kinds) => {
    const focused = document.activeElement;
    if (!panel.contains(focused)) return null;
    const part = focused.closest(".qkv-picture, .qkv-controls");
    if (part.matches(".qkv-picture")) part.scrollIntoView({ block: "center" });
    return [part.className, kinds.find((kind) => focused.matches(kind)) ?? ""];
}"""
REACHABLE = ":is(button, select, input:not([type=radio])):enabled, .qkv-controls [role=slider], [role=grid]"
KEYS = dict.fromkeys(["button", "select"], ("b",))  # what a stop of the Tab key is -> keys that change nothing there
KEYS |= dict.fromkeys(["input[type=checkbox]", "input[type=radio]"], ("b", "m", "Enter"))
KEYS |= {"textarea": ("b", "ArrowDown", "Enter", "Backspace")}
KEYS |= {"input[type=text]": ("b", "Backspace"), "[role=slider]": ("b", "m", "ArrowDown", "ArrowUp")}


@pytest.mark.promise("Everything works with the keyboard")
@on(*EVERY_EXPLORER, "predict-weights")
def test_tab_leads_through_the_panel_and_the_notebook_gets_no_key(page, panel):
    """At each stop, shortcuts of the notebook do nothing and the page stays. A table is one stop, as a slider is."""
    panel.get_by_role("button").first.focus()
    before, stops = notebook(page), []
    while stop := panel.evaluate(STOP, list(KEYS)):
        stops.append(stop)
        top = place(panel)[0]
        for key in KEYS.get(stop[1], ["b", "m", "ArrowDown", "ArrowUp", "Enter"]):
            page.keyboard.press(key)
        if stop[1] in ("", "[role=slider]"):
            lab.settle(page)
        assert (place(panel)[0], panel.evaluate(STOP, list(KEYS)), notebook(page)) == (top, stop, before)
        page.keyboard.press("Tab")
    assert len(stops) >= panel.locator(REACHABLE).count()
    assert "" not in [kind for part, kind in stops if "qkv-controls" in part]  # such as the number beside a slider
    assert all(grid.locator("[tabindex='0']").count() == 1 for grid in panel.get_by_role("grid").all())


@pytest.mark.promise("Everything works with the keyboard")
@on("weights")
@pytest.mark.parametrize(
    "part", [".qkv-control-sentence input", ".widget-readout", "[role=slider]", "select", "button"]
)
def test_what_goes_with_a_modifier_key_is_for_jupyterlab_but_for_what_edits_a_text(page, panel, part):
    """Nothing of it is for the browser. Elsewhere than in a text, Shift+Enter is JupyterLab's, too."""
    page.evaluate("""() => {
        window.commands = [];
        window.count = (_, { id }) => commands.push(id);
        jupyterapp.commands.commandExecuted.connect(count);
        window.addEventListener("keydown", (event) => (window.last = event), { capture: true });
    }""")
    called = []
    for key in ("Control+s", "Control+f", "Control+z", "s", "Shift+M"):
        panel.locator(part).first.focus()
        page.evaluate("commands.length = 0")
        page.keyboard.press(key)
        called.append(page.evaluate("[...commands]"))
        if key in ("Control+s", "Control+f"):
            assert page.evaluate("last.defaultPrevented"), key
    page.keyboard.press("Escape")
    page.locator(".jp-DocumentSearch-overlay button[title*='Close']").click()
    page.evaluate("jupyterapp.commands.commandExecuted.disconnect(count)")
    undo = [] if part in (".qkv-control-sentence input", ".widget-readout") else ["notebook:undo", "editmenu:undo"]
    assert called == [["docmanager:save"], ["documentsearch:start"], undo, [], []]


@on(*EVERY_EXPLORER)
def test_a_step_of_a_slider_is_one_message_and_the_way_back_another(page, panel):
    """Counted on the web socket. A screen reader hears the number that is shown."""
    session = page.context.new_cdp_session(page)
    frames = []  # binary ones: those of the kernel; JupyterLab tells of files it reads in text, at any time
    session.on(
        "Network.webSocketFrameReceived",
        lambda event: event["response"]["opcode"] == 2 and frames.append(event["response"]["payloadData"]),
    )
    lab.ask(page, f"getattr(panels[{panel.name!r}], 'cancel', print)()")  # a work that a key has started
    session.send("Network.enable")
    quiet = False
    while not quiet:  # ipywidgets holds back what keys of the last test have asked for, and sends one after the other
        frames.clear()
        page.wait_for_timeout(500)
        quiet = not frames
    for control in panel.locator(".qkv-control:has([role=slider])").all():
        slider, readout, seen = control.get_by_role("slider"), control.locator(".widget-readout"), []
        slider.focus()
        at_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
        for key in (None, *(("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft"))):
            frames.clear()
            press(page, *filter(None, [key]))
            payloads = b"".join(map(base64.b64decode, frames))
            state = lab.ask(page, f"panels[{panel.name!r}].state")
            seen.append((state, readout.inner_text(), pictures(panel)))
            n_scenes = len(re.findall(rb'"method":\s*"update",\s*"state":\s*\{"scene"', payloads))
            assert n_scenes == (seen[-1][2] != seen[max(len(seen) - 2, 0)][2])  # a seed has nothing to show yet
            assert slider.get_attribute("aria-valuetext") == seen[-1][1]
        assert all(one != other for one, other in zip(seen[0][:2], seen[1][:2], strict=True))
        assert seen[2][1:] == seen[0][1:]
    session.detach()


@on("search", "scores", "weights")
def test_twenty_moves_keep_the_table_and_the_page_where_they_are(page, panel):
    """The same DOM nodes, the same height, no scrolling."""
    panel.locator(":is(.qkv-control-sharpness, .qkv-control-temperature, .qkv-control-q1) [role=slider]").focus()
    start, first = place(panel), pictures(panel)
    panel.evaluate("(panel) => { window.nodes = [...panel.querySelectorAll('table, [role=gridcell], caption')]; }")
    for key in ["ArrowRight"] * 12 + ["ArrowLeft"] * 8:
        press(page, key)
        assert place(panel) == start
    assert pictures(panel) != first
    assert page.evaluate("nodes.filter((node) => !node.isConnected).length") == 0


@on("scores")
def test_walking_over_cells_changes_no_number(page, panel):
    """Quickly, as a held key does: the sliders show the vectors of the chosen cell, they do not set them."""
    numbers = panel.get_by_role("gridcell").all_text_contents()
    panel.locator("[role=gridcell][tabindex='0']").focus()
    for key in ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight"] * 3:
        page.keyboard.press(key)
    lab.settle(page)
    assert lab.ask(page, "(panels['scores'].state.queries, panels['scores'].state.keys)") == "({}, {})"
    assert panel.get_by_role("gridcell").all_text_contents() == numbers


def test_names_that_a_screen_reader_says_are_those_that_stand_there(page, panel):
    """No icon is in them, no tip says "null", and the options of a question are a group, each with its own name."""
    assert panel.locator("[title=null], [title=undefined]").count() == 0
    assert re.findall(r'"[^"]*[\ue000-\uf8ff]', panel.aria_snapshot()) == []
    question = words.table("en")["control.choice"]
    options = panel.get_by_role("radiogroup", name=question, exact=True).get_by_role("radio")
    assert options.count() == panel.locator("[type=radio]").count() == (3 if panel.name.startswith("predict") else 0)
    assert options.and_(panel.get_by_role("radio", name=question, exact=True)).count() == 0


def test_every_control_lies_open_to_the_pointer(page, panel):
    """Also where one stands beside others: nothing covers its middle."""
    controls = panel.locator(".qkv-controls :is(button, select, textarea, input, .noUi-handle):visible").all()
    assert len(controls) >= 1
    for control in controls:
        control.click(trial=True, timeout=2000)


# Texts.


@on("weights")
@pytest.mark.parametrize("composed", ["犬　が　猫　を　見る", "私は学校へ行く"])
def test_enter_that_ends_a_conversion_submits_nothing(page, panel, composed):
    """Japanese as an input method sends it: only the Enter after the one that ends the conversion counts."""
    box = panel.locator(".qkv-control-sentence input")
    box.focus()
    box.select_text()
    box.evaluate("""(box) => {
        const heard = (window.heard = []);
        for (const type of ["compositionstart", "compositionend", "change"])
            box.addEventListener(type, () => heard.push(type));
        box.addEventListener("keydown", (event) => event.isComposing && heard.push(event.key));
    }""")
    before = pictures(panel)
    lab.compose(page, composed)
    heard = page.evaluate("heard")
    assert (heard[0], heard[-2:]) == ("compositionstart", ["Enter", "compositionend"])
    assert "change" not in heard
    assert (box.input_value(), pictures(panel)) == (composed, before)
    press(page, "Enter")
    cut = composed.split("　") if "　" in composed else ["私", "は", "学校", "へ", "行く"]
    assert labels(panel) == [cut, cut]
    assert box.input_value().split() == cut


@on("weights", "search")
def test_markup_typed_by_the_reader_appears_as_typed(page, panel):
    """No element is made of it, nothing runs, and no formula is set."""
    text = " ".join(AS_TYPED)
    for name in ["sentence"] if panel.name == "weights" else ["query", "title", "content"]:
        assert type_into(page, panel, name, text).input_value() == text
    if panel.name == "weights":
        assert labels(panel) == [AS_TYPED, AS_TYPED]
        panel.locator("[role=gridcell]").last.click()  # chosen, so that titles name it
        lab.settle(page)
        assert "“$x$”" in panel.inner_text()
    else:
        assert panel.locator(".qkv-hits [aria-selected=true]").get_by_text(text).count() == 2
    assert panel.locator("b, img, script, mjx-container, .MathJax").count() == 0


@pytest.mark.promise("What cannot be used is told")
@on("weights", "search")
def test_what_cannot_be_used_is_told_beside_its_box_and_the_picture_stays(page, panel):
    """On the line of the box or just under it, near it. Mended, the message goes."""
    before, alert = pictures(panel), panel.get_by_role("alert")
    for control in panel.locator(".qkv-control:has(input[type=text])").all():
        name = re.search(r"qkv-control-(\w+)", control.get_attribute("class"))[1]
        typed = control.locator("input").input_value()
        box = type_into(page, panel, name, " ")
        assert words.table("en")["error.stays"] in alert.inner_text()
        at, by = alert.bounding_box(), box.bounding_box()
        assert max(at["x"] - by["x"] - by["width"], by["x"] - at["x"] - at["width"]) < 40
        assert -8 < at["y"] - by["y"] < by["height"] + 16
        assert box.get_attribute("aria-invalid") == "true"
        assert panel.locator("[aria-invalid=true]").count() == 1
        assert pictures(panel) == before
        type_into(page, panel, name, typed)
        assert (alert.count(), box.get_attribute("aria-invalid")) == (0, "false")


@on("search")
def test_a_title_that_is_left_with_a_click_belongs_to_the_video_it_was_typed_for(page, panel):
    """Without Enter: the click that leaves the box chooses another video."""
    videos, box = panel.locator(".qkv-hits tbody tr"), panel.locator(".qkv-control-title input")
    titles = videos.locator("th").all_text_contents()
    for row, other in ((1, 5), (5, 3)):
        videos.nth(row).click()
        lab.settle(page)
        box.select_text()
        titles[row] = f"delicious {row}"
        page.keyboard.insert_text(titles[row])
        videos.nth(other).click()
        lab.settle(page)
        assert videos.locator("th").all_text_contents() == titles
        assert (videos.nth(other).get_attribute("aria-selected"), box.input_value()) == ("true", titles[other])


# The pointer.


@on("mixing")
def test_a_tip_follows_the_pointer_and_the_notebook_does_not(page, panel):
    """Pulled twice: no cell is dragged, no text marked, nothing scrolled."""
    (_, *before), tip = notebook(page), panel.locator(".qkv-tip").nth(1)
    dot, weights = tip.locator(".qkv-tip-dot"), panel.locator(".qkv-picture-bars .qkv-value")
    dot.scroll_into_view_if_needed()
    for dx, dy in ((40, 30), (-20, 25)):
        still, (x, y) = (place(panel), weights.all_text_contents()), middle(dot)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx, y + dy, steps=8)
        page.mouse.up()
        lab.settle(page)
        assert middle(dot) == pytest.approx((x + dx, y + dy), abs=1.5)
        assert (place(panel), weights.all_text_contents()) == still
    assert notebook(page)[1:] == before  # the cell that was touched is the active one
    assert page.evaluate("getSelection().toString()") == ""
    assert tip.evaluate("(tip) => tip === document.activeElement")


# Legibility.

CONTRASTS = """(panel) => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
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
    const luminance = (colour) => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
        const part = colour[i] / 255;
        return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
    const opacity = (element) => (element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1);
    const textOf = (element) => element.matches("input, select") ? element.value : [...element.childNodes]
        .map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join("");
    const left = "option, [type=checkbox], [type=radio], [type=range], :disabled";
    return [...panel.querySelectorAll("*")].flatMap((element) => {
        const text = textOf(element).replace(/\\u200b/g, "").trim();
        if (!text || element.matches(left) || !element.checkVisibility()) return [];
        const style = getComputedStyle(element);
        const [r, g, b, a] = rgba(element instanceof SVGElement ? style.fill : style.color);
        return backgrounds(element).map((background) => {
            const colours = [over([r, g, b, a * opacity(element)], background), background];
            const [dark, light] = colours.map(luminance).sort((one, other) => one - other);
            return { text, ratio: (light + 0.05) / (dark + 0.05) };
        });
    });
}"""


@pytest.mark.promise("Texts and numbers stand out")
def test_every_text_stands_out_from_its_background(page, theme, panel):
    """At least 4.5 to 1, with each preset: labels, captions, controls, messages, and the number on every cell."""
    measured = []
    for button in panel.locator(".qkv-controls").first.get_by_role("button").all():
        button.evaluate("(button) => button.click()")
        for option in panel.get_by_role("radio").all()[:1]:
            option.check()
        lab.settle(page)
        measured += panel.evaluate(CONTRASTS)
    for box in panel.locator(".qkv-control input[type=text]").all():
        box.fill("")
        box.press("Enter")
    lab.settle(page)
    measured += panel.evaluate(CONTRASTS)
    assert len(measured) > 15
    assert [one for one in measured if one["ratio"] < 4.5] == []


def found_by_axe(page, panel, **options):
    """The rules of axe-core that a panel breaks, with the parts that break them."""
    page.evaluate("document.body.style.height = '720px'")  # JupyterLab leaves it none: all would count as hidden
    rules = Axe().run(page, f".jp-Notebook .qkv-panel-{panel.name}", options).response["violations"]
    return {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in rules}


EDGES = """(panel) => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const hex = (...colours) => {  // of one over the other
        for (context.fillStyle of colours) context.fillRect(0, 0, 1, 1);
        const channels = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
    };
    const { backgroundColor } = getComputedStyle(panel);
    const paper = hex(backgroundColor);
    const kinds = {
        "input[type=text], select": ["borderTopColor"],
        ".noUi-target, .ui-slider": ["backgroundColor"],
        ".noUi-handle, .ui-slider-handle": ["borderTopColor"],
        ".progress": ["borderTopColor"],
        "[type=text], select, button, .noUi-handle, .ui-slider-handle": ["outlineColor"],
        "[type=checkbox], :is(td, tr)[tabindex='0']": ["outlineColor"],
    };
    if (matchMedia("(forced-colors: active)").matches) Object.assign(kinds, {
        ".widget-button": ["borderTopColor"],
        ".qkv-bar, .qkv-dot, .qkv-shift": ["backgroundColor"],
        ".qkv-arc, .qkv-tip-dot, .qkv-before": ["stroke"],
        ".qkv-value-arrow, .qkv-step-arrow, .qkv-after-arrow, .qkv-board text": ["fill"],
    });
    return Object.entries(kinds).flatMap(([kind, properties]) => [...panel.querySelectorAll(kind)].flatMap((part) => {
        if (properties[0] === "outlineColor") part.focus({ preventScroll: true, focusVisible: true });
        const style = getComputedStyle(part);
        const drawn = properties[0] !== "outlineColor" || style.outlineStyle !== "none";
        return properties.map((property) =>
            [part.outerHTML.slice(0, 90), property, drawn ? hex(backgroundColor, style[property]) : paper, paper]);
    }));
}"""


def edges(panel):
    """What stands out less than 3 to 1 of controls and the frame of the focus, and in forced colours of pictures."""
    found = panel.evaluate(EDGES)
    assert found
    return [part for part in found if contrast(*part[2:]) < 3]


@pytest.mark.promise("Texts and numbers stand out")
def test_controls_and_the_focus_are_seen_in_every_theme(page, theme, panel):
    panel.get_by_role("button").first.press("Shift")  # a key, after which the focus is shown
    assert edges(panel) == []


@pytest.mark.promise("Texts and numbers stand out")
@on(*EVERY_EXPLORER)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_pictures_are_seen_in_forced_colours(page, panel, scheme):
    """The colours of a heatmap are its numbers, and stay."""
    cells = panel.locator(".qkv-cell")
    colours = "(cells) => cells.map((cell) => [getComputedStyle(cell).backgroundColor, getComputedStyle(cell).color])"
    before = cells.evaluate_all(colours)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    panel.get_by_role("button").first.press("Shift")
    found = edges(panel), cells.evaluate_all(colours)
    page.emulate_media(forced_colors="none", color_scheme="null")
    assert found == ([], before)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"], indirect=True)
def test_axe_finds_nothing(page, theme, panel):
    """Names, roles and what else axe-core knows; in other themes than the light one, contrasts."""
    for option in panel.get_by_role("radio").all()[:1]:
        option.check()
    lab.settle(page)
    light = page.evaluate("document.body.dataset.jpThemeLight === 'true'")
    assert (
        found_by_axe(page, panel, resultTypes=["violations"], **({} if light else {"runOnly": ["color-contrast"]}))
        == {}
    )


@on("weights")
def test_axe_would_find_a_bad_contrast_and_a_part_without_a_name(page, panel):
    button, slider = panel.get_by_role("button").first, panel.get_by_role("slider").first
    button.evaluate("(button) => Object.assign(button.style, { color: '#999', background: '#aaa' })")
    slider.evaluate("(slider) => slider.setAttribute('aria-labelledby', 'nothing')")
    slider.evaluate("(slider) => slider.removeAttribute('aria-label')")
    assert found_by_axe(page, panel).keys() == {"color-contrast", "aria-input-field-name"}
    button.evaluate("(button) => button.removeAttribute('style')")
    slider.evaluate("(slider) => slider.removeAttribute('aria-labelledby')")


CLIPPED = """(panel) => {
    const right = panel.closest(".jp-OutputArea-output").getBoundingClientRect().right + 1;
    const parts = [...panel.querySelectorAll(".qkv-control, .qkv-picture, .qkv-picture :is(th, td, svg, p)")];
    const isOutside = (part) => !part.closest(".qkv-unseen, .qkv-scroll") && part.getBoundingClientRect().right > right;
    const small = [...panel.querySelectorAll("*")].filter((part) => {
        const written = [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const size = parseFloat(getComputedStyle(part).fontSize);
        const drawn = size * (part.getScreenCTM?.().a ?? 1) * (innerWidth < 1000 ? 2 : 1); // an SVG is scaled; 200 %
        return written && part.checkVisibility() && (size < 13 || drawn < 12.9);
    });
    const found = [...parts.filter(isOutside), ...small.filter((part) => !part.matches("sup"))];
    return found.map((part) => `${part.tagName} ${part.getAttribute("class")} ${part.textContent}`.slice(0, 80));
}"""


SCROLLS = """(panel) => [...document.querySelectorAll(".jp-WindowedPanel-outer, .jp-OutputArea-output, html")]
    .filter((part) => part === panel.closest(".jp-OutputArea-output") || !part.matches(".jp-OutputArea-output"))
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className)"""


@on(*EVERY_EXPLORER)
def test_at_any_size_nothing_is_clipped_and_no_text_is_small(page, panel):
    """As on a projector and on a large screen, zoomed by 125 % and by 200 %, then without the file browser, and in
    presentation mode; in one column where there are less than 720 pixels for it."""
    alone, presented = (
        f"jupyterapp.commands.execute('application:toggle-{mode}').then(() => {{}})"
        for mode in ("left-area", "presentation-mode")
    )
    sizes = (1024, 768, ""), (1920, 1080, ""), (1024, 576, ""), (640, 360, alone), (1280, 720, presented)
    for width, height, mode in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(mode)
        lab.settle(page)
        assert panel.evaluate(CLIPPED) + panel.evaluate(SCROLLS) == [], (width, mode)
        names = [name.bounding_box() for name in panel.locator(".qkv-curves-names > div").all()]
        assert all(min(overlap(*pair)) < 3 for pair in itertools.combinations(names, 2)), (width, mode)
        if panel.bounding_box()["width"] < 720 and (beside := panel.locator(".qkv-beside")).count():
            box = beside.bounding_box()
            assert box["y"] + box["height"] <= panel.locator(".qkv-board").bounding_box()["y"]
        page.evaluate(mode)


ON_TOP = """() => {
    const cell = document.activeElement;
    const { x, y, width, height } = cell.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2) === cell;
}"""


@on(*(make.name for make in EXPLORERS if issubclass(make, SentenceExplorer) and make.name != "training"))  # its grammar
def test_a_sentence_of_any_length_stays_on_the_stage(page, panel):
    """What has no room scrolls in a box of its own, beside its heads; text is as large as ever."""
    for count in (6, 9, 12, 13, 17, 40, 64):
        start = ["I", "withdraw", "money", "bank"] if panel.name == "context" else []
        type_into(page, panel, "sentence", " ".join([*start, *words_of_length(count - len(start)).split()]))
        assert panel.get_by_role("alert").count() == 0
        assert panel.bounding_box()["height"] <= 560, f"with {count} words"
        assert panel.evaluate(CLIPPED) == [], f"with {count} words"
    keys = ["End", *["ArrowDown"] * 40, *["ArrowUp"] * 9, *["ArrowLeft"] * 9, "Home"]
    for grid in panel.get_by_role("grid").all()[-1:]:
        grid.locator("[tabindex='0']").focus()
        seen = []
        for key in keys:
            page.keyboard.press(key)
            seen.append(page.evaluate(ON_TOP))
        assert seen == [True] * len(keys)
    for box in panel.locator(".qkv-large .qkv-scroll:has(.qkv-cell)").all():
        head, cell = box.locator("tbody th").last, box.locator(".qkv-cell").last
        cell.scroll_into_view_if_needed()
        assert overlap(head.bounding_box(), cell.bounding_box())[1] > 10  # on one line
        assert min(overlap(box.bounding_box(), head.bounding_box())) > 10


LAYOUT = """(panel) => {
    const box = (part) => part.getBoundingClientRect().toJSON();
    const textBox = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return box(range);
    };
    const label = (head) => {  // what is seen of its text: the span clips it
        const [clip, text] = [box(head.firstChild), textBox(head.firstChild)];
        const [x, y] = [Math.max(clip.x, text.x), Math.max(clip.y, text.y)];
        return { x, y, width: Math.min(clip.right, text.right) - x, height: Math.min(clip.bottom, text.bottom) - y };
    };
    const right = box(panel.closest(".jp-OutputArea-output")).right + 1;
    return [...panel.querySelectorAll(".qkv-picture:has([role=grid])")].map((picture) => {
        const scroll = picture.querySelector(".qkv-scroll");
        const scrolls = ["auto", "scroll"].includes(getComputedStyle(scroll).overflowX);
        const cells = [...picture.querySelectorAll("[role=gridcell]")].filter((cell) => cell.textContent.trim());
        return {
            fits: box(scroll).right <= right && (scrolls || box(picture.querySelector("table")).right <= right),
            rows: [...picture.querySelectorAll("tbody th")].map(label),
            columns: [...picture.querySelectorAll("thead th:not(.qkv-sum, .qkv-corner)")].map(label),
            cells: cells.map((cell) => [textBox(cell), box(cell)]),
        };
    });
}"""


@on("weights")
@pytest.mark.parametrize("count", [2, 12, 40, 64])
def test_from_2_to_64_tokens_nothing_overlaps(page, panel, count):
    """Labels apart, tables within the output, numbers within their cells or, above 16 tokens, in the line below."""
    tokens = words_of_length(count, WORDS).split()
    type_into(page, panel, "sentence", " ".join(tokens))
    assert labels(panel) == [tokens, tokens]
    for picture in panel.evaluate(LAYOUT):
        for heads in (picture["rows"], picture["columns"]):
            assert len(heads) == count
            assert all(min(overlap(head, head)) > 2 for head in heads)
            assert [pair for pair in itertools.pairwise(heads) if min(overlap(*pair)) > 0.5] == []
        assert picture["fits"]
        assert len(picture["cells"]) == (count**2 if count <= 16 else 0)
        assert all(overlap(*cell) == pytest.approx(overlap(cell[0], cell[0]), abs=0.5) for cell in picture["cells"])
    if count > 16:
        picture = panel.locator(".qkv-picture:has([role=grid])").first
        cell, readout = picture.get_by_role("gridcell").nth(count + 2), picture.locator(".qkv-readout")
        cell.click()
        lab.settle(page)
        assert readout.inner_text() == f"{tokens[1]} → {tokens[2]}: {cell.get_attribute('aria-label')}"
        assert re.search(r": −?\d+\.\d\d$", readout.inner_text())
        picture.get_by_role("gridcell").nth(3).hover()
        assert readout.inner_text().startswith(f"{tokens[0]} → {tokens[3]}: ")


@on("search")
def test_long_texts_are_cut_on_the_page_and_whole_in_their_tips(page, panel):
    """200 letters: the tables keep their place, one line for each video."""
    height = place(panel)[1]
    for name, text in (("title", ("curry カレー " * 20).strip()), ("content", "あ" * 200)):
        type_into(page, panel, name, text)
        cuts = panel.get_by_title(text, exact=True).all()
        assert len(cuts) == 1 + (name == "content")  # once more in the mixture
        assert all(cut.text_content() == text and cut.bounding_box()["width"] < 260 for cut in cuts)
    assert place(panel)[1] == pytest.approx(height, abs=8)  # another font may need a little more
    right = panel.evaluate("(panel) => panel.closest('.jp-OutputArea-output').getBoundingClientRect().right")
    for table in panel.locator("table").all():
        assert table.bounding_box()["x"] + table.bounding_box()["width"] <= right + 1


# Long work.

SAID = """(panel) => {
    const place = panel.querySelector(".qkv-unseen[role=status]");
    window.said = [];
    new MutationObserver(() => said.push(place.textContent)).observe(place, { childList: true, subtree: true });
}"""


@on("training")
def test_a_training_that_a_key_starts_keeps_focus_and_page_and_tells_once_what_came_of_it(page, panel):
    button, bar = panel.locator("button:has(.fa)"), panel.get_by_role("progressbar", name="Progress", exact=True)
    height = place(panel)[1]
    panel.evaluate(SAID)
    assert bar.get_attribute("aria-valuenow") == "0"
    button.focus()
    press(page, "Enter")
    panel.locator(".progress-bar[style*='width: 100%']").wait_for()
    page.wait_for_timeout(1500)
    assert button.evaluate("(button) => button === document.activeElement")
    assert bar.get_attribute("aria-valuenow") == "100"
    assert panel.get_by_text(words.table("en")["training.arcs"].format(token="I", step=300)).is_visible()
    assert abs(place(panel)[1] - height) < 40  # the page does not jump
    assert page.evaluate("said") == [
        words.table("en")["work.done"].format(result=panel.locator(".qkv-arithmetic").inner_text())
    ]


@on("scores")
def test_what_comes_of_a_move_is_said_once_and_where_the_reader_is(page, panel):
    """After the last of several steps, and not when Python moves something."""
    panel.evaluate(SAID)
    slider = panel.locator(".qkv-control-q1 [role=slider]")
    lab.ask(page, "panels['scores'].set(row=1)")
    page.wait_for_timeout(1000)
    slider.focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    lab.settle(page)
    page.wait_for_timeout(1500)
    assert page.evaluate("said") == [lab.ask(page, "panels['scores'].board.scene['said']")[1:-1]]


@on("recall")
def test_a_curve_says_its_values_itself_and_they_are_not_said_again(page, panel):
    panel.evaluate(SAID)
    curve = panel.locator(".qkv-curves")
    curve.focus()
    press(page, "ArrowLeft")
    page.wait_for_timeout(1500)
    texts = lab.ask(page, "panels['recall'].board.scene['pictures']['lines']['texts']")
    said = curve.get_attribute("aria-valuetext")
    assert all(text in said for text in re.findall(r"'([^']+)'", texts))
    assert page.evaluate("said") == []


@on("ties")
def test_a_slider_answers_while_long_work_runs(page, panel):
    panel.locator("button:has(.fa-play)").click()
    page.wait_for_function("(bar) => bar.style.width !== '0%'", arg=panel.locator(".progress-bar").element_handle())
    training = panel_of(page, "training")
    before = pictures(training)
    training.locator(".qkv-control-step [role=slider]").focus()
    press(page, "ArrowLeft")
    assert pictures(training) != before
    assert panel.locator("button:has(.fa-stop)").is_visible()  # still at work
    panel_of(page, "ties").locator("button:has(.fa-stop)").click()
    panel.locator("button:has(.fa-play)").wait_for()
