"""JupyterLab as the lessons need it: no news prompt, the whole repository at hand, and notebooks that reopen well."""

from pathlib import Path

c = get_config()  # noqa: F821 (JupyterLab provides it)
here = Path(__file__).resolve().parent
c.LabApp.app_settings_dir = str(here)  # overrides.json
c.LabApp.news_url = None
c.ServerApp.root_dir = str(here.parent.parent)


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
