"""Open the lessons, or run a command in their environment; changes nothing outside this folder.

python3 start.py            the lessons in English, in JupyterLab
python3 start.py ja         日本語のレッスン
python3 start.py pytest     any other command: here every test
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
UV = HERE / ".uv" / "bin" / ("uv.exe" if os.name == "nt" else "uv")
LAB = ["jupyter", "lab", "--config", "notebooks/lab/config.py"]
TESTS = ["--group", "test"]
WORDS = {
    "en": ("Installing uv ...", "uv could not be installed; what pip says stands above."),
    "ja": ("uv をインストールしています…", "uv をインストールできませんでした。pip の言う理由は上のとおりです。"),
}


def main(command):
    language = "ja" if command == ["ja"] else "en"
    installing, failed = WORDS[language]
    opens_lessons = not command or command == [language]
    if opens_lessons:
        command = [*LAB, f"notebooks/{language}/01_search_analogy.ipynb"]
    if not UV.exists():
        print(installing, file=sys.stderr)
        install = [sys.executable, "-m", "pip", "install", "-qq", "--no-user", "--target", str(UV.parents[1]), "uv"]
        if subprocess.run(install).returncode or not UV.exists():
            sys.exit(failed)
    # Neither editable nor in the encoding of the machine: Python would fail on a folder with a Japanese name.
    run = [UV, "run", "--no-editable", "--extra", "lab", *([] if opens_lessons else TESTS), "--", *command]
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | {"PYTHONUTF8": "1"}
    return subprocess.run(run, cwd=HERE, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
