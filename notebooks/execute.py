"""Execute every lesson and store it with clean outputs.

Twice changes only measured times. How: see CONTRIBUTING.md.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from qkvlib_server import keep_still, live_views

HERE = Path(__file__).resolve().parent
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def execute(path):
    """Run all cells; store the notebook without what differs between runs."""
    notebook = nbformat.read(path, as_version=4)
    options = {
        "store_widget_state": False,
        "record_timing": False,
        "coalesce_streams": True,
    }
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(
        notebook, kernel_name="python3", resources=folder, **options
    ).execute()
    keep_still(notebook, list(live_views(notebook)), {})
    notebook.metadata = METADATA
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for lesson in sys.argv[1:] or sorted(HERE.glob("*/*.ipynb")):
        print(lesson)
        execute(Path(lesson))
