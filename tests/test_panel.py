"""The panel around a board in JupyterLab: numbers typed beside sliders, messages, views, kernels that are gone."""

import os
import signal
import urllib.request
from contextlib import contextmanager

import lab
import pytest

from qkvlib import words

NAMES = ["search", "scores", "weights", "training"]
SAID = {state: words.table("en")[f"panel.{state}"] for state in ("gone", "lost")}


@pytest.fixture(scope="module")
def page(browser, server, root):
    """A notebook with a panel in each cell but the first, run."""
    code = ["import qkvlib\n\ntold = []"]
    code += [f"{name} = qkvlib.{name.capitalize()}Explorer()\n{name}" for name in NAMES]
    page = lab.open_cells(browser, server, root, "panel.ipynb", code)
    page.evaluate("() => { window.lesson = jupyterapp.shell.currentWidget; }")
    return page


@pytest.fixture(autouse=True)
def no_problem(page):
    """Nothing went wrong on the page."""
    yield
    assert page.problems == []


def panel_of(page, name):
    """A panel in view, as its lesson starts it."""
    lab.show_cell(page, f"{name} =")
    panel = page.locator(f".jp-Notebook .qkv-panel-{name}")
    panel.get_by_role("button", name=words.table("en")["explorer.reset"], exact=True).click()
    lab.settle(page)
    return panel


def readout_of(panel, name):
    return panel.locator(f".qkv-control-{name} .widget-readout")


def slider_of(panel, name):
    return panel.locator(f".qkv-control-{name} [role=slider]")


def press(page, panel, name, key="ArrowRight"):
    slider_of(panel, name).press(key)
    lab.settle(page)


def enter(page, panel, name, text, key="Enter"):
    """Type in place of the number beside a slider, and end with a key."""
    readout_of(panel, name).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text) if text else page.keyboard.press("Delete")
    page.keyboard.press(key)
    lab.settle(page)


def wait_for(page, expression):
    """Ask the kernel until it says yes."""
    for _ in range(1000):
        if lab.ask(page, f"bool({expression})") == "True":
            return
    pytest.fail(f"{expression} is still {lab.ask(page, expression)}")


def command(page, name, select=None):
    """A command of JupyterLab, for the cell of a panel where one is named."""
    if select:
        page.evaluate("(index) => { lesson.content.activeCellIndex = index; }", lab.show_cell(page, f"{select} ="))
    page.evaluate("(name) => jupyterapp.commands.execute(name).then(() => {})", name)


@contextmanager
def second_view(page, name):
    """The panel in a New View for Cell Output, beside the notebook, until that is closed."""
    command(page, "notebook:create-output-view", select=name)
    panel = page.locator(f".jp-LinkedOutputView .qkv-panel-{name}")
    panel.locator(".qkv-picture").first.wait_for()
    page.evaluate("() => { window.view = jupyterapp.shell.currentWidget; }")
    activate_notebook(page)
    yield panel
    page.evaluate("view.close()")
    activate_notebook(page)


def activate_notebook(page):
    page.evaluate("jupyterapp.shell.activateById(lesson.id)")
    page.wait_for_function("jupyterapp.shell.currentWidget === lesson")


# Numbers that are typed.


@pytest.mark.parametrize(
    ("name", "control", "typed", "shown", "value", "wrong"),
    [
        ("weights", "temperature", " １,52 ", "1.52", 1.52, "abc"),
        ("weights", "temperature", "2e0", "2.00", 2.0, ""),
        ("weights", "padding", "３", "3", 3, "1.5"),
        ("scores", "q0", "−1.234", "−1.23", -1.234, "99999"),
        ("search", "sharpness", "1e3", "1000", 1000.0, "1e4"),
    ],
)
def test_a_number_is_understood_as_it_is_typed_or_answered_beside_its_slider(
    page, name, control, typed, shown, value, wrong
):
    """Also between two steps of the slider, and where it changes nothing.

    Only a wrong number is marked; the value stands there again, and a right number takes the message away.
    """
    panel = panel_of(page, name)
    readout, alert, marked = (
        readout_of(panel, control),
        panel.get_by_role("alert"),
        panel.locator("[aria-invalid=true]"),
    )
    kept = f"{name}.state.{control}" if control != "q0" else "[*scores.state.queries.values()][0][0]"
    for _ in range(2):
        enter(page, panel, control, typed)
        assert (readout.inner_text(), alert.count(), marked.count()) == (shown, 0, 0)
        assert slider_of(panel, control).get_attribute("aria-valuetext") == shown
        assert float(lab.ask(page, kept)) == pytest.approx(value, rel=1e-9)
        enter(page, panel, control, wrong)
        assert wrong in alert.inner_text()
        assert alert.evaluate("(alert) => alert.previousElementSibling.className").endswith(f" qkv-control-{control}")
        assert marked.evaluate_all("(marked) => marked.map((one) => one.className)") == ["widget-readout"]
        assert (readout.get_attribute("aria-invalid"), readout.inner_text()) == ("true", shown)
    enter(page, panel, control, typed)
    press(page, panel, control, "ArrowLeft")
    assert readout.inner_text() != shown


def test_only_what_was_typed_is_sent(page):
    """A number that was looked at and left stays as exact as it was; Escape takes the typed one back; Tab sends it."""
    panel = panel_of(page, "weights")
    readout = readout_of(panel, "temperature")
    lab.ask(page, "weights.set(temperature=1 / 3)")
    for keys in (["Enter"], ["b", "Backspace"], ["9", "Escape"]):
        readout.click()
        for key in [*keys, "Tab"]:
            page.keyboard.press(key)
        lab.settle(page)
        assert (lab.ask(page, "weights.state.temperature"), readout.inner_text()) == (repr(1 / 3), "0.333")
    enter(page, panel, "temperature", "3", "Tab")
    assert (lab.ask(page, "weights.state.temperature"), panel.get_by_role("alert").count()) == ("3.0", 0)


@pytest.mark.promise("Everything works with the keyboard")
def test_enter_leads_from_a_slider_to_its_number(page):
    panel = panel_of(page, "weights")
    slider_of(panel, "temperature").press("Enter")
    page.keyboard.insert_text("0.5")
    page.keyboard.press("Enter")
    lab.settle(page)
    assert lab.ask(page, "weights.state.temperature") == "0.5"


def test_shift_enter_at_a_slider_runs_the_cell(page):
    panel, before = panel_of(page, "weights"), lab.ask(page, "weights.model_id")
    command(page, "notebook:enter-command-mode", select="weights")
    slider_of(panel, "temperature").press("Shift+Enter")
    wait_for(page, f"weights.model_id != {before}")


def test_enter_that_ends_a_conversion_sends_no_number(page):
    """Full-width digits as an input method sends them: only the Enter after the one that ends the conversion counts."""
    panel = panel_of(page, "weights")
    readout = readout_of(panel, "temperature")
    readout.click()
    page.keyboard.press("Control+a")
    lab.compose(page, "２．５")
    assert (readout.inner_text(), lab.ask(page, "weights.state.temperature")) == ("２．５", "1.0")
    page.keyboard.press("Enter")
    lab.settle(page)
    assert readout.inner_text() == "2.50"


# What is written on the page.


def test_a_step_of_a_slider_writes_nothing_on_the_other_controls(page):
    panel = panel_of(page, "scores")
    panel.evaluate("""(panel) => {
        window.written = [];
        const watch = new MutationObserver((records) => written.push(...records.map(({ target, attributeName }) =>
            [target.closest(".qkv-control")?.className.split("qkv-control-").at(-1), attributeName])));
        for (const row of panel.querySelectorAll(".qkv-controls"))
            watch.observe(row, { attributes: true, subtree: true });
    }""")
    slider_of(panel, "q0").focus()
    for _ in range(3):
        press(page, panel, "q0")
    written = page.evaluate("written")
    assert {name for name, _ in written} == {"q0"}
    assert [name for _, name in written].count("aria-valuetext") == 6  # each time by the slider, then as it is shown
    values = {f"aria-value{end}" for end in ("text", "now", "min", "max")}
    assert {name for _, name in written} <= values | {"style", "data-lm-suppress-shortcuts"}


def test_a_fault_of_ours_marks_no_control_as_wrong(page):
    panel = panel_of(page, "weights")
    lab.ask(page, "setattr(weights, 'compute', lambda state: 1 / 0)")
    press(page, panel, "padding")
    lab.ask(page, "delattr(weights, 'compute')")
    assert "ZeroDivisionError" in panel.locator(".qkv-controls").last.get_by_role("alert").inner_text()
    assert panel.locator("[aria-invalid=true]").count() == 0
    assert panel_of(page, "weights").get_by_role("alert").count() == 0


# Views.


def test_a_second_view_is_asked_as_the_first_is(page):
    """The same cell, chosen in one view and after Reset in the other, is chosen both times."""
    panel = panel_of(page, "weights")
    with second_view(page, "weights") as second:
        for view in (panel, second):
            view.get_by_role("gridcell").first.dispatch_event("click")
            activate_notebook(page)
            assert lab.ask(page, "(weights.state.row, weights.state.column)") == "(0, 0)"
            panel_of(page, "weights")
    press(page, panel, "padding")
    assert lab.ask(page, "weights.state.padding") == "1"


def test_the_kernel_is_told_once_when_the_last_view_of_a_panel_is_gone(page):
    """Not when it is out of sight, moved, or one of two; and it comes back to life when the cell does."""
    panel_of(page, "search")
    lab.ask(page, "search.board.on_msg(lambda board, content, buffers: told.append(content))")
    with second_view(page, "search"):
        pass
    for name in ("hide-cell-outputs", "show-cell-outputs", "move-cell-down", "move-cell-up"):
        command(page, f"notebook:{name}")
    for name in ("training", "search"):
        lab.show_cell(page, f"{name} =")
    command(page, "notebook:delete-cell", select="search")
    page.wait_for_function("document.querySelectorAll('.qkv-panel-search').length === 0")
    wait_for(page, "told")
    assert lab.ask(page, "told") == "[{'views': 0}]"
    command(page, "notebook:undo-cell-action")
    press(page, panel_of(page, "search"), "sharpness")
    assert lab.ask(page, "search.state.sharpness") != "10.0"


def test_work_ends_with_the_last_view_of_its_panel_and_not_by_a_double_click(page):
    panel = panel_of(page, "training")
    press(page, panel, "seed")
    lab.ask(page, "setattr(training, 'work', lambda: iter(lambda: (0.5, {}), None))")  # without end
    panel.locator("button:has(.fa-play)").dblclick()  # which does not cancel it
    lab.settle(page)
    assert lab.ask(page, "training.task.done()") == "False"
    command(page, "notebook:clear-cell-output", select="training")
    wait_for(page, "training.task is None")


def test_a_cell_that_is_run_again_leaves_no_widget_behind(page):
    counts = []
    for _ in range(3):
        lab.run_all(page)
        counts.append(lab.ask(page, "len(__import__('comm').get_comm_manager().comms)"))
    assert counts[1] == counts[2]


# Kernels that are gone.


def start_again(page):
    """A kernel for the notebook, and all its cells run; nothing is said."""
    page.evaluate("""async () => {
        const { sessionContext } = lesson;
        if (!sessionContext.session?.kernel) await sessionContext.changeKernel({ name: "python3" });
        delete sessionContext.session.kernel.probe; // of the kernel that was
    }""")
    lab.run_all(page)
    page.wait_for_function("document.querySelectorAll('.jp-Notebook .qkv-panel').length === 4")
    assert page.locator(".qkv-panel .qkv-kernel").count() == 0


def wait_for_notices(page, text):
    """Every panel says it, or none says anything."""
    page.wait_for_function(
        """(text) => [...document.querySelectorAll(".qkv-panel")].every((panel) =>
            (panel.querySelector(".qkv-kernel")?.textContent ?? null) === text)""",
        arg=text,
    )


@contextmanager
def no_connection(page):
    page.evaluate("""() => {
        window.cut = lesson.sessionContext.session.kernel;
        window.createSocket = cut._createSocket;
        cut._createSocket = () => {};
        cut._ws.close();
    }""")
    page.wait_for_function("cut.connectionStatus !== 'connected'")
    yield
    page.evaluate("cut._createSocket = createSocket, cut.reconnect()")


def call(page, server, method, action=""):
    """What another window does to the kernel of the notebook."""
    address = f"{server}/api/kernels/{page.evaluate('lesson.sessionContext.session.kernel.id')}{action}"
    request = urllib.request.Request(address, method=method, headers={"Authorization": f"token {lab.TOKEN}"})
    urllib.request.urlopen(request).close()


HARMS = {
    "restart": lambda page, server: page.evaluate("lesson.sessionContext.session.kernel.restart()"),
    "shutdown": lambda page, server: command(page, "kernelmenu:shutdown"),
    "cull": lambda page, server: call(page, server, "DELETE"),
    "kill": lambda page, server: os.kill(int(lab.ask(page, "__import__('os').getpid()")), signal.SIGKILL),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_panel_says_that_its_kernel_is_gone_until_it_is_run_again(page, server, harm):
    """Its controls are out of reach, its pictures stay and offer nothing; also in a view that is made afterwards."""
    start_again(page)
    panel = panel_of(page, "training")
    press(page, panel, "seed")
    panel.locator("button:has(.fa-play)").click()
    press(page, panel, "seed", "Shift")
    pictures = page.locator(".qkv-panel-weights .qkv-matrix").all_inner_texts()
    HARMS[harm](page, server)
    if harm == "kill":
        page.locator(".jp-Dialog button").click()  # it says that the kernel died, and takes the focus
    wait_for_notices(page, SAID["gone"])
    if harm != "kill":
        assert panel.locator(".qkv-kernel").evaluate("(notice) => notice === document.activeElement")
    with second_view(page, "weights") as dead:
        wait_for_notices(page, SAID["gone"])
    assert dead.count() == 0
    assert page.locator(".qkv-controls:not([inert])").count() == 0
    assert page.locator(".qkv-pictures :is([tabindex], input, [role=grid])").count() == 0
    assert page.locator(".qkv-panel-weights .qkv-matrix").all_inner_texts() == pictures


def test_a_panel_says_that_the_connection_is_lost_until_it_is_back(page, server):
    """What was done meanwhile is not lost; but a kernel that restarted while nobody listened is gone."""
    start_again(page)
    panel = panel_of(page, "weights")
    slider_of(panel, "padding").focus()
    with no_connection(page):
        wait_for_notices(page, SAID["lost"])
        assert page.locator(".qkv-controls[inert]").count() == 0
        page.keyboard.press("ArrowRight")
    wait_for_notices(page, None)
    assert lab.ask(page, "weights.state.padding") == "1"
    assert slider_of(panel, "padding").evaluate("(slider) => slider === document.activeElement")
    with no_connection(page):
        call(page, server, "POST", "/restart")
    wait_for_notices(page, SAID["gone"])
    with second_view(page, "weights"):
        wait_for_notices(page, SAID["gone"])
