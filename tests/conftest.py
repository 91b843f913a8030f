"""What tests share: the language, and for those in the browser one server and one Chromium.

Both end with the module: while Playwright runs, nbval could not run its notebooks in the same process.
"""

import os
import shutil

import lab
import matplotlib.pyplot as plt
import numpy as np
import pytest
from helpers import ROOT
from matplotlib.figure import Figure
from playwright.sync_api import sync_playwright

from qkvlib import words


@pytest.fixture(params=words.LANGUAGES)
def language(request):
    """The test runs in each language."""
    with words.speaking(request.param):
        yield request.param


@pytest.fixture
def rng():
    """Random numbers, the same each time."""
    return np.random.default_rng(5)


@pytest.fixture
def ax():
    """Axes to draw on."""
    return Figure().subplots()


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Nothing that the test did left a figure open, or another language in use."""
    yield
    language = words.language()
    words.use_language("en")
    assert (language, plt.get_fignums()) == ("en", [])


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
def root(tmp_path_factory):
    """A folder with a copy of the lessons, where tests may save."""
    copy = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "notebooks", copy / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return copy


@pytest.fixture(scope="module")
def server(browser, root):
    """The URL of a JupyterLab on the copy; needs the browser first, so that a skip costs nothing."""
    with lab.start_lab(root) as url:
        yield url
