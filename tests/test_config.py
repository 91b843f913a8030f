"""JupyterLab's configuration for the lessons: what it saves, and that nothing is sent anywhere."""

import asyncio
import copy
import json
import os
import re
import runpy
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import lab
import nbformat
import pytest
from conftest import ROOT
from helpers import panels
from traitlets.config import Config

CONFIG = runpy.run_path(str(ROOT / "notebooks" / "lab" / "config.py"), init_globals={"get_config": Config})
VIEW = CONFIG["VIEW"]
OTHERS = {  # what other widgets leave in a notebook
    "ipywidgets": {"text/plain": "IntSlider(value=0)", VIEW: {"model_id": "a"}},
    "ipympl": {"text/plain": "Canvas(…)", "text/html": "<div>", "image/png": "iVBORw", VIEW: {"model_id": "b"}},
    "no widget": {"text/plain": "0.5"},
}
RECORDER = """
import os, sys

def record(event, arguments, file=os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
    if event == "socket.getaddrinfo" or event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]
        os.write(file, f"{{os.getpid()}} {{host}}\\n".encode())

record("socket.getaddrinfo", ["start"])
sys.addaudithook(record)
"""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    """A folder in which each Python that finds it writes a `log` of the hosts that it asks for."""
    folder = tmp_path_factory.mktemp("recorder")
    (folder / "sitecustomize.py").write_text(RECORDER.format(log=str(folder / "log")))
    return folder


@pytest.fixture(scope="module")
def server(browser, root, recorder):
    """The URL of a JupyterLab that is recorded, and its kernels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(recorder), os.environ.get("PYTHONPATH")])))
        with lab.start_lab(root) as url:
            yield url


def attempts(recorder):
    """The processes that were recorded, and the hosts that they asked for."""
    lines = [line.split(" ", 1) for line in (recorder / "log").read_text().splitlines()]
    return {process for process, _ in lines}, [host for _, host in lines if host != "start"]


def get(url):
    request = urllib.request.Request(url, headers={"Authorization": f"token {lab.TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def page(browser, server, root):
    """A notebook with an explorer, a question, a widget of the reader's, and work without end, run."""
    code = [
        "import qkvlib\n\nstop = False",
        "explorer = qkvlib.WeightsExplorer()\nexplorer",
        "qkvlib.Predict('weights')",
        "import ipywidgets\n\nipywidgets.IntSlider()",
        "import time\n\nwhile stop:\n    time.sleep(0.01)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in code])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, root / "notebooks" / "saved.ipynb")
    page = lab.open_notebook(browser, server, "notebooks/saved.ipynb")
    lab.run_all(page)
    return page


def save(page, root):
    """Save, and give the outputs of the file, one for each cell that has one."""
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    saved = json.loads((root / "notebooks" / "saved.ipynb").read_text())
    return saved, [output["data"] for cell in saved["cells"] for output in cell["outputs"]]


# What is saved.


def test_a_saved_picture_is_the_one_on_the_screen(page, root):
    """Saving takes nothing from the page: no focus, and no part of a panel. The reader's own widget stays one."""
    panel = lab.explorer(page)
    parts = "(panel) => { window.parts = [...panel.querySelectorAll('*')]; return parts.length; }"
    files = []
    for key in ("Home", "End"):
        panel.locator(".qkv-control-temperature [role=slider]").press(key)
        lab.settle(page)
        n_parts = panel.evaluate(parts)
        saved, [shown, question, own] = save(page, root)
        files.append(shown)
        assert page.evaluate("parts.filter((part) => part.isConnected).length") == n_parts
        assert page.evaluate("document.activeElement.getAttribute('role')") == "slider"
        assert shown.keys() == {"image/png", "text/plain"}
        for kind in shown:
            now = lab.ask(page, f"hash(explorer._repr_mimebundle_()[{kind!r}].strip())")
            assert lab.ask(page, f"hash({''.join(shown[kind]).strip()!r})") == now, kind
        assert own.keys() == {VIEW, "text/plain"}
        assert saved["metadata"]["language_info"] == {"name": "python"}
        assert question.keys() == {"text/plain"}
    assert files[0]["image/png"] != files[1]["image/png"]
    page.get_by_role("radio").first.check()
    lab.settle(page)
    _, [_, question, _] = save(page, root)
    assert question.keys() == {"image/png", "text/plain"}


def test_a_kernel_that_is_busy_does_not_keep_from_saving(page, root):
    """The picture is then the one from when the cell ran."""
    _, [before, *_] = save(page, root)
    lab.explorer(page).locator(".qkv-control-padding [role=slider]").press("ArrowRight")
    lab.ask(page, "globals().update(stop=True)")
    page.evaluate("""() => {
        const { content } = jupyterapp.shell.currentWidget;
        content.activeCellIndex = 4;
        window.ran = jupyterapp.commands.execute("notebook:run-cell");
    }""")
    page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets[4].model.executionState === 'running'")
    _, [during, *_] = save(page, root)
    lab.ask(page, "globals().update(stop=False)")
    page.evaluate("ran.then(() => {})")
    _, [after, *_] = save(page, root)
    assert during.keys() == after.keys() == {"image/png", "text/plain"}
    assert "<pad>" in "".join(after["text/plain"])
    assert "<pad>" not in "".join(during["text/plain"] + before["text/plain"])


def test_each_panel_is_known_by_its_output(monkeypatch):
    monkeypatch.setattr("qkvlib.views.still.png", lambda pictures: "")
    for panel in panels():
        data = {VIEW: {"model_id": panel.model_id}, **panel._repr_mimebundle_()}
        output = {"output_type": "execute_result", "data": json.loads(json.dumps(data))}
        assert [*CONFIG["live_views"]({"cells": [{"outputs": [output]}]})] == [output], panel


@pytest.mark.parametrize("code", ["import qkvlib\nqkvlib.softmax", "qkvlib = 3  # the import is missing"])
def test_what_is_of_others_is_left_alone(tmp_path, code):
    """In a lesson the widgets of others, and the state that they need; in other notebooks everything."""
    outputs = [nbformat.v4.new_output("display_data", data) for data in OTHERS.values()]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code, outputs=outputs)])
    notebook.metadata |= {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.11.7"}}
    saved = saved_by(tmp_path, notebook)
    if code.startswith("import"):
        assert saved["metadata"].pop("language_info") == {"name": "python"}
        del notebook["metadata"]["language_info"]
    assert saved == json.loads(nbformat.writes(notebook))


def test_without_live_views_no_state_of_widgets_is_kept(tmp_path):
    ours = {"text/plain": "   a   b\nx 0.5 0.5", "image/png": "iVBORw", VIEW: {"model_id": "a"}}
    cell = nbformat.v4.new_code_cell(
        "from qkvlib import softmax", outputs=[nbformat.v4.new_output("display_data", ours)]
    )
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"state": {"a": {}}}})
    saved = saved_by(tmp_path, notebook)
    assert saved["cells"][0]["outputs"][0]["data"].keys() == {"text/plain", "image/png"}
    assert "widgets" not in saved["metadata"]


def saved_by(folder, notebook):
    """The file that a notebook becomes where no kernel runs."""
    contents = CONFIG["LessonContents"](root_dir=str(folder), checkpoints_kwargs={"checkpoint_dir": str(folder / "x")})
    contents.pictures_of = lambda views, path: asyncio.sleep(0, {})
    saving = contents.save({"type": "notebook", "format": "json", "content": copy.deepcopy(notebook)}, "/a.ipynb")
    with ThreadPoolExecutor() as thread:  # in this one Playwright has a loop
        thread.submit(asyncio.run, saving).result()
    return json.loads((folder / "a.ipynb").read_text())


# What is sent.


def test_jupyterlab_reads_the_overrides_and_knows_all_of_them(server):
    """Each is the default of a setting that JupyterLab itself describes."""
    overrides = json.loads((ROOT / "notebooks" / "lab" / "overrides.json").read_text())
    for plugin, settings in overrides.items():
        known = get(f"{server}/lab/api/settings/{plugin}")["schema"]["properties"]
        assert {name: known[name]["default"] for name in settings if "type" in known[name]} == settings


def test_neither_server_nor_kernel_nor_page_asks_another_host(page, server, recorder):
    """Also when news, a newer JupyterLab and extensions are asked for; the recorder is tried at the end."""
    config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.content(), re.S)[1])
    assert config["news"]["disabled"]
    asked = [get(f"{server}/lab/api/{name}") for name in ("update", "extensions")]
    assert asked[0]["notification"] is None
    watched, hosts = attempts(recorder)
    assert len(watched) >= 2  # the server and the kernel
    assert {*hosts} <= {"127.0.0.1", "localhost", "::1", "None", ""}
    assert page.problems == []
    lab.ask(page, "__import__('socket').getaddrinfo('example.invalid', 80)")
    assert attempts(recorder)[1][-1] == "example.invalid"
