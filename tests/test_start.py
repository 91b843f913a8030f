"""start.py in the odd places where readers have it: with the settings of the project, and only qkvlib to install."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT

OUTER = '[project]\nname = "outer"\nversion = "1"\nrequires-python = ">=3.11"\n[tool.uv.workspace]\nmembers = ["*"]\n'
WHERE = ["python", "-c", "import qkvlib, sys; print(ascii([sys.prefix, qkvlib.__file__]))"]


def start(folder, *command, **environment):
    """Run start.py of a folder from elsewhere."""
    environment = {name: value for name, value in (os.environ | environment).items() if name != "PYTHONPATH"}
    python = environment["UV_PYTHON"] = sys._base_executable  # with pip
    started = [python, str(folder / "start.py"), *command]
    return subprocess.run(
        started, cwd=folder.parent, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )


def copy(folder):
    """The project with a library of one line, and none of its dependencies."""
    shutil.copytree(ROOT / "qkvlib_server", folder / "qkvlib_server", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("start.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = re.sub(r"^(dependencies|lab|model|test) = \[.*?\]$", r"\1 = []", project, flags=re.M | re.S)
    assert settings.count("= []\n") == 4
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    (folder / "qkvlib").mkdir()
    (folder / "qkvlib" / "__init__.py").write_text("answer = 1\n")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A copy that was started where pip installs for the user by default, as that of the Microsoft Store does."""
    folder = copy(tmp_path_factory.mktemp("first"))
    started = start(folder, *WHERE, PIP_USER="1")
    if started.returncode and "CI" not in os.environ:
        pytest.skip(f"no package can be installed here: {started.stderr}")
    assert started.returncode == 0, started.stderr
    return folder


@pytest.fixture
def another(first, tmp_path):
    """A function that makes a copy, with the uv of the first one."""

    def another(name):
        folder = copy(tmp_path / name)
        (folder / ".uv").symlink_to(first / ".uv")
        return folder

    return another


def test_the_next_command_finds_what_was_changed_and_gives_its_exit_code(first):
    (first / "qkvlib" / "__init__.py").write_text("answer = 2\n")
    started = start(first, "python", "-P", "-c", "import qkvlib; raise SystemExit(qkvlib.answer)")
    assert started.returncode == 2, started.stderr
    assert "Installing uv" not in started.stderr
    assert (first / ".venv" / "etc" / "jupyter" / "jupyter_server_config.d" / "qkvlib_server.json").exists()


@pytest.mark.parametrize(
    ("name", "environment", "outer"),
    [
        ("注意機構 と 笔记", {"LC_ALL": "C", "PYTHONUTF8": "0"}, False),
        ("active", {"VIRTUAL_ENV": "/nowhere"}, False),
        ("member", {}, True),
    ],
    ids=["Japanese folder", "another environment", "another project"],
)
def test_it_works_in_odd_places_and_stays_in_its_folder(another, tmp_path, name, environment, outer):
    if outer:
        (tmp_path / "pyproject.toml").write_text(OUTER)
    before = {*tmp_path.iterdir()}
    folder = another(name)
    started = start(folder, *WHERE, **environment)
    assert started.returncode == 0, started.stderr
    prefix, library = eval(started.stdout)
    assert prefix == str(folder / ".venv")
    assert library == str(folder / "qkvlib" / "__init__.py")  # python -c finds what lies where it is started
    elsewhere = start(folder, "python", "-P", *WHERE[1:], **environment)
    assert eval(elsewhere.stdout)[1].startswith(prefix), elsewhere.stderr
    assert {*tmp_path.iterdir()} == before | {folder}
    assert "VIRTUAL_ENV" not in started.stderr


def test_where_nothing_can_be_installed_it_says_so(tmp_path):
    folder = copy(tmp_path / "offline")
    for command, said in (([], "uv could not be installed"), (["ja"], "インストールできませんでした")):
        started = start(folder, *command, PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="0", PIP_NO_CACHE_DIR="1")
        assert started.returncode == 1
        assert said in started.stderr
        assert "Traceback" not in started.stderr
