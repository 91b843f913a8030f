"""The classic notebook with the ipywidgets that Colab has: labels that are HTML, sliders of jQuery, no JupyterLab."""

import os
import subprocess
import sys

import lab
import pytest
from conftest import ROOT
from playwright.sync_api import expect
from test_lab import edges

import qkvlib
from qkvlib.views.look import number


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python that has both, and this qkvlib."""
    folder = tmp_path_factory.mktemp("classic")
    uv = os.environ.get("UV", ROOT / ".uv" / "bin" / "uv")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "VIRTUAL_ENV"))}
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    for command in (
        ["venv", "--clear", "--python", sys.executable, folder],
        ["pip", "install", "--python", python, ROOT, "ipywidgets==7.7.1", "nbclassic"],
    ):
        made = subprocess.run([uv, *command], cwd=folder, env=environment, capture_output=True, encoding="utf-8")
        if made.returncode and "CI" not in os.environ:
            pytest.skip(f"no package can be installed here: {made.stderr}")
        assert made.returncode == 0, made.stderr
    return str(python)


@pytest.fixture(scope="module")
def panel(browser, python, root):
    """The explorer of lesson 03, all of which has run."""
    with lab.start_lab(root, "nbclassic", configured=False, python=python) as url:
        expect.set_options(timeout=lab.PATIENCE)
        page = lab.open_notebook(browser, url, "notebooks/en/03_weights.ipynb", app="nbclassic")
        page.evaluate("Jupyter.notebook.execute_all_cells()")
        panel = page.locator(".qkv-panel-weights")
        panel.locator(".qkv-picture-weights").wait_for()
        yield panel
        assert [problem for problem in page.problems if "console" not in problem] == []  # MathJax misses a font there


def expect_weights(panel, **changes):
    """The page shows what a state that differs so from the first one gives."""
    weights = qkvlib.WeightsExplorer.result_of(**changes).weights
    expect(panel.locator(".qkv-picture-weights .qkv-cell")).to_have_text([number(weight) for weight in weights.flat])


def test_each_label_is_read_as_it_is_written(panel):
    """Of <pad> nothing is taken for HTML."""
    for name, control in qkvlib.WeightsExplorer().controls.items():
        shown = panel.locator(f".qkv-control-{name} :is(.widget-label, .widget-label-basic):visible")
        expect(shown).to_have_text(control.description)


def test_a_slider_has_its_name_and_is_moved_by_keys_and_by_a_number(panel):
    slider, readout = panel.get_by_role("slider", name="Temperature"), panel.get_by_label("Temperature").last
    slider.press("Home")
    expect_weights(panel, temperature=0.1)
    expect(slider).to_have_attribute("aria-valuetext", "0.100")
    slider.press("Enter")
    panel.page.keyboard.type("0.73")
    panel.page.keyboard.press("Enter")
    expect(readout).to_have_text("0.730")
    expect_weights(panel, temperature=0.73)


def test_a_sentence_is_typed_a_mask_chosen_and_reset_leads_back(panel):
    box = panel.get_by_label("Sentence")
    box.fill("I like my dad")
    box.press("Enter")
    panel.get_by_role("combobox").select_option(label="causal: nobody looks ahead")
    panel.get_by_role("button", name="Reset").click()
    expect_weights(panel)


def test_controls_and_the_focus_are_seen(panel):
    panel.get_by_role("button").first.press("Shift")  # a key, after which the focus is shown
    assert edges(panel) == []
