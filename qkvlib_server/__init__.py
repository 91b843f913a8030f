"""What a Jupyter server does for the lessons: notebooks reopen as they looked, and a slider's answers come at once.

Installing qkvlib switches it on (jupyter_server_config.json). It stands beside the library and not in it, for a server
would wait for the library to load.
"""

import asyncio

VIEW = "application/vnd.jupyter.widget-view+json"
MARK = "qkvlib"  # in the metadata of an output that is a panel
WIDGET = "__import__('ipywidgets').widget_serialization['from_json']('IPY_MODEL_{}', None)"  # by the id of its view
GREETING, DRAWING = 0.5, 20  # seconds for the kernel to answer at all, and to draw all pictures of a notebook


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(server):
    answer_at_once(server.web_app.settings)
    server.contents_manager.save = still_saving(server)


def answer_at_once(settings):
    """Send each answer of a kernel at once.

    By default TCP holds back the second of two small messages until the browser has acknowledged the first, which costs
    40 ms for each step of a slider.
    """

    class PromptConnection(settings["kernel_websocket_connection_class"]):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    settings["kernel_websocket_connection_class"] = PromptConnection


def still_saving(server):
    """The server's way to save, with the pictures that stand on the screen in place of our live views.

    A view would reopen as "model not found". What other widgets show is left alone.
    """
    from jupyter_core.utils import ensure_async

    save = server.contents_manager.save

    async def still_save(model, path="", **options):
        outputs = list(live_views(model.get("content"))) if model.get("type") == "notebook" else []
        if outputs:
            pictures = await pictures_of([output["data"][VIEW]["model_id"] for output in outputs], path, server)
            keep_still(model["content"], outputs, pictures)
        return await ensure_async(save(model, path, **options))

    return still_save


def live_views(notebook):
    """The outputs of a notebook that are panels of qkvlib, as their metadata tells."""
    for cell in (notebook or {}).get("cells", []):
        for output in cell.get("outputs", []):
            if MARK in output.get("metadata", {}) and VIEW in output["data"]:
                yield output


async def pictures_of(views, path, server):
    """What the kernel of a notebook draws for its views now: id of a view -> dict with `data` and `metadata`.

    Where no kernel has time for it, nothing: then the outputs keep the pictures that they had.
    """
    for session in await server.session_manager.list_sessions():
        if session["path"] != path.strip("/"):
            continue
        client = server.kernel_manager.get_kernel(session["kernel"]["id"]).client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            await ask(client, {}, GREETING)
            answers = await ask(client, {view: WIDGET.format(view) for view in views}, DRAWING)
            return {view: answer for view, answer in answers.items() if VIEW in answer.get("data", {})}
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


def keep_still(notebook, outputs, pictures):
    """Pictures in place of live views; and nothing of whose machine it was."""
    for output in outputs:
        shown = pictures.get(output["data"][VIEW]["model_id"], output)
        for part in ("data", "metadata"):
            output[part] = {name: value for name, value in shown[part].items() if name not in (VIEW, MARK)}
    if VIEW not in str(notebook["cells"]):
        notebook["metadata"].pop("widgets", None)
    notebook["metadata"]["language_info"] = {"name": "python"}
