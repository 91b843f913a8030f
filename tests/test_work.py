"""Long work: it is watched, cancelled, ended by whatever makes it vain, and never outlives its panel."""

import asyncio
import sys
import time

import ipywidgets
import nbformat
import pytest
from helpers import EXPLORERS, ask, n_widgets
from nbclient import NotebookClient

from qkvlib import TrainingExplorer, words
from qkvlib.explorers.work import LOOKS, Workbench, measure
from qkvlib.text.names import MIN_NAMES

WORKBENCHES = [make for make in EXPLORERS if issubclass(make, Workbench)]
each_workbench = pytest.mark.parametrize("make", WORKBENCHES, ids=lambda make: make.name)


@pytest.fixture
def quick(monkeypatch):
    """The work of each explorer has four parts that change nothing."""
    for make in WORKBENCHES:
        monkeypatch.setattr(make, "pause", 0)
        monkeypatch.setattr(make, "work", lambda self: ((share, {}) for share in (0.25, 0.5, 0.75, 1.0)))


async def half_done(explorer):
    """Start, and come back at half of it."""
    explorer.work_button.click()
    while explorer.progress.value < 0.5:
        await asyncio.sleep(0)
    return explorer.task


def is_at(explorer, share, working):
    """The bar and the buttons show how it stands."""
    assert explorer.progress.value == share
    assert (explorer.working, explorer.work_button.disabled) == (working, False)
    button = words.table(explorer.language)["work.cancel" if working else f"{explorer.name}.start"]
    assert (explorer.work_button.description, explorer.work_button.icon) == (button, "stop" if working else "play")
    assert explorer.messages == {}
    return True


@each_workbench
def test_work_is_watched_until_its_end_while_the_notebook_goes_on(make, quick):
    explorer, turns = make(), []

    async def run():
        explorer.work_button.click()
        assert is_at(explorer, 0, working=True)
        while not explorer.task.done():
            turns.append(explorer.progress.value)
            await asyncio.sleep(0)

    assert is_at(explorer, 0, working=False)
    asyncio.run(run())
    assert turns == [0, 0.25, 0.5, 0.75, 1]
    assert is_at(explorer, 1, working=False)


def ways_to_end(make):
    """Whatever ends the work of an explorer, each as a function of it."""
    yield lambda explorer: explorer.work_button.click()
    yield lambda explorer: explorer.close()
    for name in [*make.presets(), "reset"]:
        yield lambda explorer, name=name: explorer.buttons[name].click()
    for name in make.works_on:
        yield lambda explorer, name=name: change(explorer.controls[name])
        yield lambda explorer, name=name: explorer.set(**{name: another(explorer.controls[name])})


def change(control):
    control.value = another(control)


def another(control):
    """A value that it has not now."""
    if isinstance(control, ipywidgets.Dropdown):
        return next(value for _, value in control.options if value != control.value)
    if isinstance(control, ipywidgets.Textarea):
        return control.value + "".join(f"name{i}\n" for i in range(MIN_NAMES))
    return control.value + control.step


@each_workbench
def test_what_makes_the_work_vain_ends_it_and_the_bar_goes_back(make, quick):
    """Closing its panel, too."""

    async def run(end):
        explorer = make()
        task = await half_done(explorer)
        end(explorer)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert is_at(explorer, 0, working=False)
        explorer.close()

    n = n_widgets()
    for end in ways_to_end(make):
        asyncio.run(run(end))
        assert n_widgets() == n


@each_workbench
def test_what_does_not_concern_the_work_lets_it_run(make, quick):
    """Nor does what cannot be used."""

    async def run():
        explorer = make()
        task = await half_done(explorer)
        free = next(name for name in vars(explorer.state) if name not in make.works_on)
        explorer.set(**{free: getattr(explorer.state, free)})
        if "seed" in make.works_on:
            ask(explorer, control="seed", typed="-1")
            ask(explorer, control="seed", typed=str(explorer.state.seed))
        assert is_at(explorer, 0.5, working=True)
        await task
        assert is_at(explorer, 1, working=False)

    asyncio.run(run())


@each_workbench
def test_what_it_works_on_can_be_used_or_it_does_not_begin(make, quick):
    explorer, refused = make(), {"seed": "-1", "step": "-1", "names": "ann\nbob"}
    for name in refused.keys() & {*make.works_on}:
        ask(explorer, control=name, typed=refused[name])
        assert (explorer.messages.keys(), explorer.work_button.disabled) == ({name}, True)
        ask(explorer, control=name, typed=str(explorer.controls[name].value))
        assert is_at(explorer, 0, working=False)


@each_workbench
def test_a_second_start_ends_the_first(make, quick):
    async def run():
        explorer = make()
        first = await half_done(explorer)
        second = explorer.start()
        assert is_at(explorer, 0, working=True)
        with pytest.raises(asyncio.CancelledError):
            await first
        assert is_at(explorer, explorer.progress.value, working=True)
        await second
        assert is_at(explorer, 1, working=False)

    asyncio.run(run())


@each_workbench
def test_a_fault_in_long_work_is_told_beside_the_controls(make, language, monkeypatch):
    def work(self):
        yield 0.5, {}
        raise RuntimeError("the fault")

    async def run():
        words.use_language("en")  # it speaks as it was made
        with pytest.raises(RuntimeError, match="the fault"):
            await explorer.start()

    monkeypatch.setattr(make, "work", work)
    explorer, told = make(), {"": words.text("error.fault", error="RuntimeError('the fault')")}
    asyncio.run(run())
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert not explorer.working
    explorer.buttons["reset"].click()
    assert is_at(explorer, 0, working=False)


def test_what_was_shown_by_then_stays_when_the_work_is_cancelled():
    explorer = TrainingExplorer(seed=1)

    async def run():
        explorer.start()
        while explorer.state.step != 50:
            await asyncio.sleep(0)
        explorer.work_button.click()

    asyncio.run(run())
    assert explorer.state.step == 50
    explorer.controls["step"].value = 20
    assert explorer.state.step == 20


def test_one_model_after_the_other_is_measured():
    def training(name):
        yield from ((step, f"{name} after {step}") for step in range(11))

    runs = [(key, cost, training(key), str.upper) for key, cost in (("one", 1), ("one", 1), ("two", 2))]
    shares, told = zip(*measure(iter(runs), 10, {"two": ("before",), "three": ("before",)}), strict=True)
    assert shares == pytest.approx([0, 1 / 8, 1 / 4, 1 / 4, 3 / 8, 1 / 2, 1 / 2, 1 / 2, 3 / 4, 1, 1])
    assert LOOKS == 5
    assert [one["measured"] for one in told if one] == [  # what is not done anew stays
        {"one": ("ONE AFTER 10",) * 2, "two": ("before",), "three": ("before",)},
        {"one": ("ONE AFTER 10",) * 2, "two": ("TWO AFTER 10",), "three": ("before",)},
    ]


MEASURES = [make for make in WORKBENCHES if hasattr(make.State(), "measured")]


@pytest.mark.parametrize("make", MEASURES, ids=lambda make: make.name)
def test_a_measurement_that_is_cancelled_leaves_no_gap(make, monkeypatch):
    """After the first key is done anew, everything else stands as it was stored."""
    module, explorer = sys.modules[make.__module__], make()
    before = explorer.state.measured
    some = [key for key in before if make.name != "variants" or key[0] == "en"]
    runs = [(key, 1, [(0, {})], lambda after, key=key: before[key][-1]) for key in some for _ in range(2)]
    monkeypatch.setattr(module, "runs", lambda *arguments: runs)

    async def run():
        explorer.start()
        while explorer.state.measured == before:
            await asyncio.sleep(0)
        explorer.work_button.click()

    asyncio.run(run())
    assert explorer.state.measured == before | {some[0]: (before[some[0]][-1],) * 2}


INTERRUPTED = """import os, signal, threading, time
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()  # as JupyterLab interrupts
print(explorer.working, flush=True)"""


@pytest.mark.promise("*Interrupt* (■) stops a cell")
def test_an_interrupt_stops_a_cell_and_only_cancel_what_a_button_has_started():
    """While a cell is busy, and while the kernel is idle but for the work."""
    client = NotebookClient(nbformat.v4.new_notebook(), allow_errors=True, timeout=60)
    told = []

    def run(code):
        client.nb.cells.append(nbformat.v4.new_code_cell(code))
        cell = client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1)
        told.append([output.get("text", output.get("ename")) for output in cell.outputs])

    with client.setup_kernel():
        run("import qkvlib\nexplorer = qkvlib.TiesExplorer()\nexplorer.work_button.click()")
        run(f"{INTERRUPTED}\ntime.sleep(50)\nprint('not stopped')")
        run(INTERRUPTED)
        time.sleep(2)
        run("print(explorer.working, explorer.progress.value > 0)")
        run("explorer.work_button.click()\nprint(explorer.working)")
    assert told == [[], ["True\n", "KeyboardInterrupt"], ["True\n"], ["True True\n"], ["False\n"]]
