"""What a lesson costs before it is used: seconds to start and to run, and memory of its kernel; medians of one run."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import nbformat
import psutil
from nbclient import NotebookClient
from table import report

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import numpy, matplotlib.pyplot, ipywidgets"
STARTS = {
    "import qkvlib": "import qkvlib",
    "import qkvlib and show the first explorer": "import qkvlib; qkvlib.WeightsExplorer()._repr_mimebundle_()",
    "import qkvlib and run the trained model": "import qkvlib; qkvlib.trained.load()('I go to school')",
}
N_STARTS, N_RUNS = 15, 5
MAX_MEMORY, MAX_SECONDS = 1.25, 10
MAX_WITH_MODEL = 2.1  # the weights of its layers are 43 MB, and what it reads of the table of words


def main() -> int:
    """Measure and print; returns the exit code."""
    codes = [LIBRARIES, *STARTS.values()]
    rounds = [[start(code) for code in codes] for _ in range(N_STARTS)]
    base, *starts = map(median, zip(*rounds, strict=True))
    rows = [
        (what, f"{seconds / base:.2f} × the imports of its libraries ({seconds:.2f} s / {base:.2f} s)", "", None)
        for what, seconds in zip(STARTS, starts, strict=True)
    ]
    paths = sorted((ROOT / "notebooks" / "en").glob("*.ipynb"))
    only_imports = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LIBRARIES)])
    notebooks = [only_imports, *(nbformat.read(path, 4) for path in paths)]
    rounds = [[run(notebook) for notebook in notebooks] for _ in range(N_RUNS)]
    (_, base), *lessons = (map(median, zip(*runs, strict=True)) for runs in zip(*rounds, strict=True))
    for path, (seconds, memory) in zip(paths, lessons, strict=True):
        ratio, most = memory / base, MAX_WITH_MODEL if "trained.load(" in path.read_text("utf-8") else MAX_MEMORY
        measured = f"{ratio:.2f} × a kernel with its libraries ({memory:.0f} MB / {base:.0f} MB)"
        rows += [
            (f"{path.stem}: memory after Run All", measured, f"≤ {most}", ratio <= most),
            (f"{path.stem}: Run All", f"{seconds:.1f} s", f"≤ {MAX_SECONDS} s", seconds <= MAX_SECONDS),
        ]
    return report(rows)


def start(code):
    """Seconds that code takes in a fresh process, without the start of Python."""
    timed = f"import time; begin = time.perf_counter(); {code}; print(time.perf_counter() - begin)"
    return float(subprocess.check_output([sys.executable, "-c", timed], cwd=ROOT))


def run(notebook):
    """Seconds of all cells in a fresh kernel, its start included, and the MB that the kernel holds after the last."""
    memory = []
    client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    client.on_cell_executed = lambda **_: memory.append(psutil.Process(client.km.provisioner.pid).memory_info().rss)
    begin = time.perf_counter()
    client.execute()
    return time.perf_counter() - begin, memory[-1] / 2**20


if __name__ == "__main__":
    sys.exit(main())
