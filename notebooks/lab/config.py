"""JupyterLab as the lessons need it: nothing is sent anywhere, quick answers, notebooks that reopen as they looked."""

import asyncio
import re
from pathlib import Path

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyterlab.handlers.announcements import NeverCheckForUpdate

c = get_config()  # noqa: F821 (JupyterLab provides it)
here = Path(__file__).resolve().parent
c.ServerApp.root_dir = str(here.parent.parent)
c.LabApp.app_settings_dir = str(here)  # overrides.json

# Three things ask on the network: for news, for a newer JupyterLab, and for extensions that could be installed.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = NeverCheckForUpdate
c.LabApp.extension_manager = "readonly"

VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET = "__import__('ipywidgets').widget_serialization['from_json']('IPY_MODEL_{}', None)"  # by the id of its view
GREETING, DRAWING = 0.5, 20  # seconds for the kernel to answer at all, and to draw all pictures of a notebook


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each answer of the kernel at once.

    By default TCP holds back the second of two small messages until the browser has acknowledged the first, which
    costs 40 ms for each step of a slider.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


class LessonContents(AsyncLargeFileManager):
    """Saves the pictures that stand on the screen in place of live views, which would reopen as "model not found"."""

    async def save(self, model, path=""):
        if model.get("type") == "notebook" and model.get("content") and is_lesson(model["content"]):
            outputs = list(live_views(model["content"]))
            pictures = await self.pictures_of([output["data"][VIEW]["model_id"] for output in outputs], path)
            keep_still(model["content"], outputs, pictures)
        return await super().save(model, path)

    async def pictures_of(self, views, path):
        """What the kernel of a notebook draws for its views now: id of a view -> mime bundle.

        Where no kernel has time for it, nothing: then the outputs keep the pictures that they had.
        """
        sessions = await self.parent.session_manager.list_sessions() if views else []
        for kernel in [session["kernel"]["id"] for session in sessions if session["path"] == path.strip("/")]:
            client = self.parent.kernel_manager.get_kernel(kernel).client()
            client.start_channels(iopub=False, stdin=False, hb=False, control=False)
            try:
                await ask(client, {}, GREETING)
                answers = await ask(client, {view: WIDGET.format(view) for view in views}, DRAWING)
                return {view: answer["data"] for view, answer in answers.items() if VIEW in answer.get("data", {})}
            except TimeoutError:
                pass
            finally:
                client.stop_channels()
        return {}


async def ask(client, expressions, patience):
    """What a kernel says to expressions: dict, name -> expression in Python."""
    asked = client.execute("", silent=True, user_expressions=expressions)
    async with asyncio.timeout(patience):
        while (reply := await client.get_shell_msg())["parent_header"].get("msg_id") != asked:
            pass
    return reply["content"].get("user_expressions", {})


c.ServerApp.kernel_websocket_connection_class = PromptConnection
c.ServerApp.contents_manager_class = LessonContents


def is_lesson(notebook):
    """Whether a notebook uses the library: no other is touched."""
    code = [text_of(cell["source"]) for cell in notebook.get("cells", []) if cell["cell_type"] == "code"]
    return any(re.search(r"^\s*(import|from) qkvlib\b", source, re.M) for source in code)


def live_views(notebook):
    """The outputs that are explorers: their text is a table, that of other widgets is their call in Python."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            ours = {VIEW, "text/plain"} <= {*data} <= {VIEW, "text/plain", "image/png"}
            if ours and not re.fullmatch(r"\w+\(.*\)", text_of(data["text/plain"]), re.S):
                yield output


def keep_still(notebook, outputs, pictures):
    """Pictures in place of live views; and nothing of whose machine it was."""
    for output in outputs:
        data = pictures.get(output["data"][VIEW]["model_id"], output["data"])
        output["data"] = {kind: part for kind, part in data.items() if kind != VIEW}
    if VIEW not in str(notebook["cells"]):
        notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = {"name": "python"}


def text_of(lines):
    return lines if isinstance(lines, str) else "".join(lines)
