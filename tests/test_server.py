"""What a server does for the lessons: JupyterLab and Notebook 7, started without any configuration of ours."""

import asyncio
import copy
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import lab
import nbformat
import pytest
from helpers import panels
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager

import qkvlib_server
from qkvlib_server import MARK, VIEW

OTHERS = {  # what other widgets leave in a notebook
    "ipywidgets": {"text/plain": "IntSlider(value=0)", VIEW: {"model_id": "a"}},
    "like ours": {"text/plain": "   a\nb 0.5", "image/png": "iVBORw", VIEW: {"model_id": "b"}},
    "no widget": {"text/plain": "0.5"},
}
OURS = nbformat.v4.new_output("display_data", OTHERS["like ours"], metadata={MARK: "panel", "image/png": {"alt": "a"}})


@pytest.fixture(scope="module", params=["lab", "notebook"])
def app(request):
    return request.param


@pytest.fixture(scope="module")
def server(browser, root, app):
    with lab.start_lab(root, app, configured=False) as url:
        yield url


@pytest.fixture(scope="module")
def page(browser, server, root, app):
    """A notebook with an explorer, a question, a widget of the reader's, and work without end, run."""
    code = [
        "import qkvlib\n\nstop = False",
        "explorer = qkvlib.WeightsExplorer()\nexplorer",
        "qkvlib.Predict('weights')",
        "import ipywidgets\n\nipywidgets.IntSlider()",
        "import time\n\nwhile stop:\n    time.sleep(0.01)",
    ]
    return lab.open_cells(browser, server, root, "saved.ipynb", code, app=app)


def save(page, root):
    """Save, and give the file, and the data of its outputs, one for each cell that has one."""
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    saved = json.loads((root / "saved.ipynb").read_text())
    return saved, [output["data"] for cell in saved["cells"] for output in cell["outputs"]]


@pytest.mark.promise("Saving is safe")
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
            now = lab.ask(page, f"hash(explorer._repr_mimebundle_()[0][{kind!r}].strip())")
            assert lab.ask(page, f"hash({''.join(shown[kind]).strip()!r})") == now, kind
        assert saved["cells"][1]["outputs"][0]["metadata"] == {"image/png": {"alt": "".join(shown["text/plain"])}}
        assert own.keys() == {VIEW, "text/plain"}
        assert saved["metadata"]["language_info"] == {"name": "python"}
        assert question.keys() == {"text/plain"}
    assert files[0]["image/png"] != files[1]["image/png"]
    page.get_by_role("radio").first.check()
    lab.settle(page)
    assert save(page, root)[1][1].keys() == {"image/png", "text/plain"}


def test_a_kernel_that_is_busy_does_not_keep_from_saving(page, root):
    """The picture is then the one from when the cell ran."""
    before = save(page, root)[1][0]
    box = lab.explorer(page).locator(".qkv-control-sentence input")
    box.fill("I go home")
    box.press("Enter")
    lab.ask(page, "globals().update(stop=True)")
    page.evaluate("""() => {
        const { content } = jupyterapp.shell.currentWidget;
        content.activeCellIndex = 4;
        window.ran = jupyterapp.commands.execute("notebook:run-cell");
    }""")
    page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets[4].model.executionState === 'running'")
    during = save(page, root)[1][0]
    lab.ask(page, "globals().update(stop=False)")
    page.evaluate("ran.then(() => {})")
    after = save(page, root)[1][0]
    assert during.keys() == after.keys() == {"image/png", "text/plain"}
    assert "home" in "".join(after["text/plain"])
    assert "home" not in "".join(during["text/plain"] + before["text/plain"])


@pytest.mark.promise("Saving is safe")
def test_a_saved_notebook_reopens_as_it_looked(browser, server, page, root, app):
    """Also after its kernel has ended: every panel is its picture."""
    save(page, root)
    assert [problem for problem in page.problems if "'schema'" not in problem] == []  # a fault of Notebook's own
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    again = lab.open_notebook(browser, server, "saved.ipynb", app=app)
    lost = again.get_by_text("Error displaying widget")
    lost.first.wait_for()
    assert (lost.count(), again.locator(".jp-OutputArea-output img").count()) == (1, 2)  # that of the IntSlider is lost
    again.close()


def test_each_panel_is_known_by_its_output(monkeypatch):
    monkeypatch.setattr("qkvlib.views.still.png", lambda *shown: "")
    for panel in panels():
        data, metadata = panel._repr_mimebundle_()
        output = json.loads(json.dumps({"output_type": "execute_result", "data": data, "metadata": metadata}))
        assert [*qkvlib_server.live_views({"cells": [{"outputs": [output]}]})] == [output], panel


def test_what_is_of_others_is_left_alone(tmp_path):
    """The widgets of others, and the state that they need; where nothing is ours, everything."""
    others = [nbformat.v4.new_output("display_data", data) for data in OTHERS.values()]
    for outputs in (others, [OURS, *others]):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import qkvlib", outputs=outputs)])
        notebook.metadata |= {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.11.7"}}
        saved = saved_by(AsyncLargeFileManager, tmp_path, notebook)
        if OURS in outputs:
            assert saved["cells"][0]["outputs"].pop(0)["data"].keys() == {"text/plain", "image/png"}
            assert saved["metadata"].pop("language_info") == {"name": "python"}
            del notebook["cells"][0]["outputs"][0], notebook["metadata"]["language_info"]
        assert saved == json.loads(nbformat.writes(notebook))


@pytest.mark.parametrize("manager", [AsyncLargeFileManager, LargeFileManager])
def test_without_live_views_no_state_of_widgets_is_kept(tmp_path, manager):
    cell = nbformat.v4.new_code_cell("qkvlib.softmax", outputs=[OURS])
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"state": {"a": {}}}})
    saved = saved_by(manager, tmp_path, notebook)
    [output] = saved["cells"][0]["outputs"]
    assert output["data"].keys() == {"text/plain", "image/png"}
    assert output["metadata"] == {"image/png": {"alt": "a"}}
    assert "widgets" not in saved["metadata"]


def saved_by(manager, folder, notebook):
    """The file that a notebook becomes where no kernel runs."""
    contents = manager(root_dir=str(folder), checkpoints_kwargs={"checkpoint_dir": str(folder / "x")})
    sessions = SimpleNamespace(list_sessions=lambda: asyncio.sleep(0, []))
    save = qkvlib_server.still_saving(SimpleNamespace(contents_manager=contents, session_manager=sessions))
    saving = save({"type": "notebook", "format": "json", "content": copy.deepcopy(notebook)}, "/a.ipynb")
    with ThreadPoolExecutor() as thread:  # in this one Playwright has a loop
        thread.submit(asyncio.run, saving).result()
    return json.loads((folder / "a.ipynb").read_text())


def test_answers_are_sent_at_once():
    """Whatever class of connections the server has."""
    calls = []
    handler = SimpleNamespace(set_nodelay=lambda on: calls.append(("nodelay", on)))
    own = type("Own", (), {"websocket_handler": handler, "connect": lambda self: calls.append("connect")})
    settings = {"kernel_websocket_connection_class": own}
    qkvlib_server.answer_at_once(settings)
    settings["kernel_websocket_connection_class"]().connect()
    assert calls == [("nodelay", True), "connect"]
