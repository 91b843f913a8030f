"""What explorers with long work share: a button that starts and cancels it, and a progress bar."""

import asyncio
import json
from importlib.resources import files
from itertools import groupby
from operator import itemgetter

from ipywidgets import Button, FloatProgress

from .. import words
from ..arguments import is_a
from .base import Explorer
from .fields import ruled

LOOKS = 5  # steps of a training between two looks at what else waits


class Workbench(Explorer):
    """An explorer whose `work` runs in small parts, so that the rest of the notebook can be used meanwhile.

    A subclass gives `work()`, a generator of pairs: the share that is done, from 0 to 1, and a dict of what that
    changes in the state; and `works_on`, the fields of the state that the work depends on: when one of them changes,
    the work ends, and while one of them holds what cannot be used it does not begin. What was shown by then stays when
    the work is cancelled.

    task : asyncio.Task of the work that was started last, or None
    working : whether it is under way; nothing of what passes by is announced then, but what comes of it
    """

    works_on = ()
    pause = 0  # s between two parts, where they could not be watched otherwise

    task, working = None, False

    def __init__(self, **changes):
        super().__init__(**changes)
        self.work_button.on_click(lambda _: self.cancel() if self.working else self.start())
        self.board.on_msg(lambda board, said, buffers: said == {"views": 0} and self.cancel())  # nobody could cancel it

    def work(self):
        raise NotImplementedError

    def _make_controls(self):
        super()._make_controls()
        self.work_button = Button().add_class("qkv-control").add_class("qkv-work")  # one, so that it keeps the focus
        self._at_work(False)
        self.progress = FloatProgress(max=1, description=words.text("work.progress")).add_class("qkv-control")

    def _arrange(self):
        return [*super()._arrange(), self.work_button, self.progress]

    def start(self) -> asyncio.Task:
        """Begin the work from its start; needs a running event loop, as every kernel has."""
        self.cancel()
        self._at_work(True)
        self.task = asyncio.get_running_loop().create_task(self._work_through())
        return self.task

    def cancel(self):
        """Stop the work; what it has shown stays."""
        if self.task:
            self.task.cancel()
        self.task = None
        self.progress.value = 0
        self._at_work(False)

    def preset(self, name):
        self.cancel()
        super().preset(name)

    def close(self):
        if self.task:
            self.cancel()
        super().close()

    def _show(self, state, result, messages):
        before = getattr(self, "state", state)
        if any(getattr(before, name) != getattr(state, name) for name in self.works_on):
            self.cancel()
        super()._show(state, result, messages)

    def _publish(self, **parts):
        super()._publish(**parts)
        self._at_work(self.working)

    def _announced(self, pictures):
        return self.board.scene["said"] if self.working else super()._announced(pictures)

    async def _work_through(self):
        try:
            for share, changes in self.work():
                self.progress.value = share
                if changes:
                    self.set(**changes)
                await asyncio.sleep(self.pause)  # the kernel answers everything else that waits
            with words.speaking(self.language):
                done = words.text("work.done", result=super()._announced(self.board.scene["pictures"]))
            self._publish(messages=self.messages, said=done)
        except Exception as error:  # a fault of ours: JupyterLab would hide it
            with words.speaking(self.language):
                self._publish(messages={**self.messages, "": words.text("error.fault", error=repr(error))})
            raise
        finally:
            if self.task is asyncio.current_task():  # not cancelled, and no later one has been started
                self._at_work(False)

    def _at_work(self, working):
        self.working = working
        with words.speaking(self.language), self.work_button.hold_sync():
            self.work_button.description = words.text("work.cancel" if working else f"{self.name}.start")
            self.work_button.icon = "stop" if working else "play"
            self.work_button.disabled = not working and bool(self.messages.keys() & {*self.works_on})


def measure(runs, n_steps, before=()):
    """Work that trains one model after the other, as `Workbench.work` gives it: what it changes is `measured`.

    runs : iterable of (key, cost, training, score), those of a key one after the other: the training yields
        (step, parameters) up to step n_steps, and score(parameters) is what is measured
    before : dict, what was measured formerly, which stays until all runs of its key are done anew: a table has no gap
    The second of a pair is None, or once a key is done {"measured": dict, key -> tuple of what its runs gave}.
    """
    runs, measured, done = list(runs), dict(before), 0
    total = sum(cost for _, cost, _, _ in runs)
    for key, of_key in groupby(runs, key=itemgetter(0)):
        scores = []
        for _, cost, training, score in of_key:
            for step, after in training:  # noqa: B007 (the last is scored)
                if step % LOOKS == 0:
                    yield (done + cost * step / n_steps) / total, None
            done += cost
            scores.append(score(after))
        measured = measured | {key: tuple(scores)}
        yield done / total, {"measured": measured}


def stored(name) -> dict:
    """What was measured beforehand and lies beside the explorer: key -> tuple of what its runs gave."""
    table = json.loads((files(__package__) / f"{name}.json").read_text(encoding="utf-8"))
    return {tuple(int(part) if part.isdigit() else part for part in key.split()): tuple(v) for key, v in table.items()}


def measurements(name):
    """A field of a state: what is stored by that name, or what only code sets, measured anew for the same keys."""
    keys = stored(name).keys()

    def rule(field, measured):
        if is_a(field, measured, dict, "a dict").keys() != keys:
            raise ValueError(f"{field} has other keys than stored({name!r})")
        return measured

    return ruled(rule, lambda: stored(name))
