"""JupyterLab for the lessons: in the project's folder, and without network."""

from pathlib import Path

from jupyterlab.handlers.announcements import NeverCheckForUpdate

c = get_config()  # noqa: F821 (JupyterLab provides it)
here = Path(__file__).resolve().parent
c.ServerApp.root_dir = str(here.parent.parent)
c.LabApp.app_settings_dir = str(here)  # overrides.json

# Three things would ask: for news, a newer JupyterLab, and more extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = NeverCheckForUpdate
c.LabApp.extension_manager = "readonly"
