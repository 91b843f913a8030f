"""What the browser tests share: one server, one browser, and each notebook opened and run once.

All of it ends with the module: while Playwright runs, nbval could not run its notebooks in the same process.
"""

import os
from pathlib import Path

import lab
import matplotlib.pyplot as plt
import pytest
from playwright.sync_api import sync_playwright

from qkvlib import words

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.relative_to(ROOT) for path in (ROOT / "notebooks").glob("*/[0-9]*.ipynb"))


def notebook_id(path):
    """A notebook's name in the names of tests."""
    return f"{path.parent.name}-{path.stem}"


BEFORE = """async (index) => {
    const cell = jupyterapp.shell.currentWidget.content.widgets[index].node;
    const image = cell.querySelector(".jp-OutputArea-output img");
    await image?.decode();
    return {
        questions: document.querySelectorAll(".jp-Dialog, .Toastify__toast").length,
        text: document.querySelector(".jp-Notebook").textContent,
        image: image ? [image.naturalWidth, image.naturalHeight, image.getBoundingClientRect().width] : null,
        live: cell.querySelectorAll(".jupyter-widgets").length,
    };
}"""


@pytest.fixture(params=words.LANGUAGES)
def language(request):
    """The test runs in each language."""
    with words.speaking(request.param):
        yield request.param


@pytest.fixture
def no_figure_is_left():
    """Nothing that the test did left a figure open, or another language in use."""
    yield
    words.use_language("en")
    assert plt.get_fignums() == []


@pytest.fixture(scope="module")
def browser():
    """A browser context that knows no other host; where there is no Chromium the test is skipped, in CI it fails."""
    if not lab.find_chromium():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium in PATH")
    with sync_playwright() as playwright:
        chromium = lab.launch_chromium(playwright)
        yield chromium.new_context(viewport=lab.SIZE)
        chromium.close()


@pytest.fixture(scope="module")
def server(browser):
    """The URL of a JupyterLab on this repository; needs the browser first, so that a skip costs nothing."""
    with lab.start_lab(ROOT) as url:
        yield url


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=notebook_id)
def page(request, browser, server):
    """A notebook that was opened (`page.before` tells what that showed) and run."""
    page = lab.open_notebook(browser, server, request.param.as_posix())
    page.path, page.language = request.param, request.param.parent.name
    page.before = page.evaluate(BEFORE, lab.show_cell(page, "Explorer("))
    lab.run_all(page)
    yield page
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()


@pytest.fixture
def panel(page):
    """The lesson's explorer as the lesson starts it, in view; afterwards nothing must have gone wrong on the page."""
    panel = lab.explorer(page)
    panel.get_by_role("button").last.click()  # Reset
    lab.settle(page)
    yield panel
    assert page.problems == []
