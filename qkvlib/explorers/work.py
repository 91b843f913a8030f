"""What explorers with long work share: a button that starts it, a progress bar, and a button that cancels it."""

import asyncio

from ipywidgets import Box, Button, FloatProgress

from .. import words
from .base import Explorer


class Workbench(Explorer):
    """An explorer whose `work` runs in small parts, so that the rest of the notebook can be used meanwhile.

    A subclass gives `work()`, a generator of pairs: the share that is done, from 0 to 1, and a dict of what that
    changes in the state. What was shown by then stays when the work is cancelled.

    task : asyncio.Task of the work that was started last, or None
    """

    def __init__(self, **changes):
        self.task = None
        self.start_button = Button(description=words.text(f"{self.name}.start"), icon="play")
        self.cancel_button = Button(description=words.text("work.cancel"), icon="stop", disabled=True)
        self.progress = FloatProgress(max=1, description=words.text("work.progress"))
        self.start_button.on_click(lambda _: self.start())
        self.cancel_button.on_click(lambda _: self.cancel())
        super().__init__(**changes)
        for button in (self.start_button, self.cancel_button):
            button.add_class("qkv-control").layout.width = "auto"
        row = Box([self.start_button, self.cancel_button, self.progress]).add_class("qkv-controls")
        self.children = [*self.children[:-1], row, self.board]

    def work(self):
        raise NotImplementedError

    def start(self) -> asyncio.Task:
        """Begin the work from its start; needs a running event loop, as every kernel has."""
        self.cancel()
        self._show(working=True)
        self.task = asyncio.get_running_loop().create_task(self._work_through())
        return self.task

    def cancel(self):
        """Stop the work; what it has shown stays."""
        if self.task:
            self.task.cancel()
        self._show(working=False)

    def preset(self, name):
        self.cancel()
        super().preset(name)

    async def _work_through(self):
        try:
            for share, changes in self.work():
                self.progress.value = share
                if changes:
                    self.set(**changes)
                await asyncio.sleep(0)  # the kernel answers everything else that waits
        except Exception as error:  # a fault of ours: JupyterLab would hide it
            with words.speaking(self.language):
                self._publish(messages={**self.messages, "": words.text("error.fault", error=repr(error))})
            raise
        finally:
            if self.task is asyncio.current_task():  # no later one has been started
                self._show(working=False)

    def _show(self, working):
        self.start_button.disabled, self.cancel_button.disabled = working, not working
        if working:
            self.progress.value = 0
