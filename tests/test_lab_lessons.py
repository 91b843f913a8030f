"""Every lesson in JupyterLab, in both languages: it opens, runs, and is understood by a screen reader."""

import re

import lab
import pytest
from helpers import NOTEBOOKS, ROOT
from nbconvert import HTMLExporter

PATHS = [path.relative_to(ROOT) for path in NOTEBOOKS]
IDS = [f"{path.parent.name}-{path.stem}" for path in PATHS]
DEAD = re.compile("Error displaying widget|model not found|Loading widget")
ROLES = ["slider", "textbox", "checkbox", "combobox", "radio", "button", "progressbar"]


@pytest.fixture(scope="module")
def page(browser, server):
    """JupyterLab with a first lesson, opened as a reader does: by its address."""
    return lab.open_notebook(browser, server, PATHS[0].as_posix())


@pytest.fixture(scope="module", params=PATHS, ids=IDS)
def lesson(request, page):
    """A lesson that was opened, showed its stored picture, and was run; `page.path` is its place."""
    page.path = request.param
    if page.evaluate("jupyterapp.shell.currentWidget.context.path") != page.path.as_posix():
        lab.change_notebook(page, page.path.as_posix())
    look_at_stored_picture(page)
    lab.run_all(page)
    return page


def look_at_stored_picture(page):
    """It is there, large enough, and no widget is live in its place."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(lab.show_cell(page, "Explorer("))
    width, height, drawn = cell.locator(".jp-OutputArea-output img").evaluate("""(image) => image.decode().then(() =>
        [image.naturalWidth, image.naturalHeight, image.getBoundingClientRect().width])""")
    assert (width > 500, height > 150, drawn > 400) == (True, True, True)
    assert cell.locator(".jupyter-widgets").count() == 0
    nothing_is_asked(page)


def nothing_is_asked(page):
    """There is no dialog, no news and no dead widget."""
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert not DEAD.search(page.locator(".jp-Notebook").text_content())


@pytest.fixture(autouse=True)
def no_problem(page):
    """Nothing went wrong on the page."""
    yield
    assert page.problems == []


@pytest.mark.promise("Solutions are folded in every front end")
@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_nothing_is_cut_off_on_paper(browser, tmp_path, path):
    """As the template that README.md names prints it on A4, within margins of 1 cm."""
    (tmp_path / "lesson.html").write_text(HTMLExporter(template_name="classic").from_filename(ROOT / path)[0], "utf-8")
    paper = browser.new_page()
    paper.set_viewport_size({"width": 718, "height": 1047})  # 19 × 27.7 cm
    paper.emulate_media(media="print")
    paper.goto((tmp_path / "lesson.html").as_uri())
    wide = """(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1
        || part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML)"""
    assert paper.locator("pre, table, img").evaluate_all(wide) == []
    assert paper.locator("pre").count() > 5
    paper.close()


@pytest.mark.promise("Nothing is sent anywhere")
def test_run_all_gives_every_panel_and_no_error(lesson):
    """No error and no warning in an output."""
    given = lesson.evaluate("""() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
        .flatMap((cell) => cell.outputs ?? [])""")
    assert len(given) > 5
    assert [output for output in given if output["output_type"] == "error" or output.get("name") == "stderr"] == []
    live = [output for output in given if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    assert lesson.locator(".qkv-panel .qkv-board").count() == len(live) >= 2
    nothing_is_asked(lesson)


@pytest.mark.promise("Heatmaps are tables to a screen reader")
def test_every_control_has_a_name_of_its_own(lesson):
    """As Chromium tells a screen reader: none is empty or of invisible signs, and no two of a panel are the same."""
    session = lesson.context.new_cdp_session(lesson)
    for panel in lesson.locator(".qkv-panel").all():
        panel.scroll_into_view_if_needed()
        lab.settle(lesson)  # what is out of sight is mended when it is seen
        panel.evaluate("(panel) => { window.panel = panel; }")
        node = session.send("Runtime.evaluate", {"expression": "window.panel"})["result"]["objectId"]
        n_names = 0
        for role in ROLES:
            found = session.send("Accessibility.queryAXTree", {"objectId": node, "role": role})["nodes"]
            names = [one.get("name", {}).get("value", "") for one in found if not one["ignored"]]
            assert all(re.search(r"\w", name) for name in names), (role, names)
            assert len(set(names)) == len(names), (role, names)
            assert role != "slider" or len(names) >= panel.locator(".qkv-controls [role=slider]").count()
            n_names += len(names)
        assert n_names >= panel.locator(".qkv-control").count() > 0
    session.detach()


TABLES = """() => [...document.querySelectorAll(".qkv-panel table:not(.qkv-curves-key)")].map((table) => [
    table.caption?.textContent,
    [...table.querySelectorAll("th:not(:empty, .qkv-corner)")].map((head) => head.scope),
])"""
CUT_OR_OUTSIDE = """() => [...document.querySelectorAll(".qkv-panel")].flatMap((panel) => {
    const right = panel.closest(".jp-OutputArea-output").getBoundingClientRect().right + 1;
    const labels = ".qkv-controls :is(.widget-label, .widget-label-basic, button), .qkv-curves-names .qkv-label";
    const cut = [...panel.querySelectorAll(labels)]
        .filter((label) => label.scrollWidth > label.clientWidth + 1);
    const outside = [...panel.querySelectorAll(".qkv-control, .qkv-picture")]
        .filter((part) => part.getBoundingClientRect().right > right);
    return [...cut, ...outside].map((part) => `${part.className}: ${part.textContent}`);
})"""


def test_every_table_has_a_caption_and_heads_and_no_label_is_cut(lesson):
    """For a screen reader, and in a window of 1280 pixels. The legend of a curve is told once more, with a caption."""
    tables = lesson.evaluate(TABLES)
    assert tables
    for caption, scopes in tables:
        assert caption
        assert {*scopes} in ({"row", "col"}, {"row"}, {"col"}), caption
    assert lesson.evaluate(CUT_OR_OUTSIDE) == []


def test_every_panel_stands_on_one_screen(lesson):
    """Controls and pictures together, with the file browser open and with each preset; the answered question, too."""
    for option in lesson.get_by_role("radio").all()[:1]:
        option.check()
        lab.settle(lesson)
    for panel in lesson.locator(".qkv-panel").all():
        for button in [None, *panel.locator(".qkv-presets button").all()[:-1]]:  # the last is Reset
            if button:
                button.evaluate("(button) => button.click()")
                lab.settle(lesson)
            box = panel.bounding_box()
            assert box["width"] <= 880
            shown = panel.get_attribute("class"), button and button.inner_text()
            assert box["height"] <= 560, f"{shown}: see step 3 in CONTRIBUTING.md"
    lesson.locator(".qkv-panel:has(input[type=radio]) .qkv-presets button").last.evaluate("(button) => button.click()")
    lab.settle(lesson)
