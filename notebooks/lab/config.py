"""JupyterLab as the lessons need it: no news, the whole repository, quick answers, notebooks that reopen well."""

from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

c = get_config()  # noqa: F821 (JupyterLab provides it)
here = Path(__file__).resolve().parent
c.LabApp.app_settings_dir = str(here)  # overrides.json
c.LabApp.news_url = None
c.ServerApp.root_dir = str(here.parent.parent)


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each answer of the kernel at once.

    By default TCP holds back the second of two small messages until the browser has acknowledged the first, which
    costs 40 ms for each step of a slider.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c.ServerApp.kernel_websocket_connection_class = PromptConnection


def drop_live_views(model, **kwargs):
    """Save pictures instead of live views, which would reopen as "model not found"."""
    if model["type"] != "notebook" or model["content"] is None or model["content"]["nbformat"] != 4:
        return
    model["content"]["metadata"].pop("widgets", None)
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data or "text/plain" in data:
                data.pop("application/vnd.jupyter.widget-view+json", None)


c.FileContentsManager.pre_save_hook = drop_live_views
