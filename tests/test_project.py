"""The project as a whole: dependencies, documents, style, and who may import whom."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from helpers import EXPLORERS, LESSONS

import qkvlib
from qkvlib import words
from qkvlib.views.lesson_map import LIT

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "qkvlib"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = [path for folder in ("tests", "benchmarks", "notebooks") for path in sorted((ROOT / folder).glob("*.py"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/[0-9]*.ipynb"))
DOCUMENTS = ["README.md", "README.ja.md", "CONTRIBUTING.md"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MODULES = {path.stem for path in PACKAGE.iterdir()} - {"attention"}
PUBLIC = {name for name in vars(qkvlib) if not name.startswith("_")} - MODULES

each_document = pytest.mark.parametrize("name", DOCUMENTS)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def tracked():
    """The files that git holds or would add, by their paths from the root."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    listed = run("git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


# Dependencies


def conda():
    """What environment.yml asks for: of conda, and of pip."""
    packages = yaml.safe_load(read("environment.yml"))["dependencies"]
    [pip] = [entry["pip"] for entry in packages if isinstance(entry, dict)]
    return [entry for entry in packages if isinstance(entry, str)], pip


def test_conda_and_pyproject_ask_for_the_same():
    of_conda, of_pip = conda()
    project = PYPROJECT["project"]
    of_lab = project["optional-dependencies"]["lab"]
    of_library = [entry for entry in project["dependencies"] if not entry.startswith("ipywidgets")]  # lab asks for more
    expected = [*of_library, *of_lab, *PYPROJECT["dependency-groups"]["test"]]
    expected += [f"python{project['requires-python']}", "pip", "."]
    assert sorted(of_conda + of_pip) == sorted(expected)


def test_every_range_has_both_ends():
    project = PYPROJECT["project"]
    ranges = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    ranges += PYPROJECT["dependency-groups"]["test"]
    ranges += PYPROJECT["build-system"]["requires"]
    assert [entry for entry in ranges if not re.fullmatch(r"[a-z-]+>=[\d.]+,<[\d.]+", entry)] == []


def test_the_oldest_python_is_the_same_everywhere():
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    workflow = yaml.safe_load(read(".github/workflows/tests.yml"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"][0] == oldest
    assert all(f"Python {oldest}" in read(name) for name in ("README.md", "README.ja.md"))


def third_party(paths):
    """The names of the packages that are imported, without Python's own and the project's."""
    own = {"qkvlib", "qkvlib_server", *(path.stem for path in SCRIPTS)}
    imported = {name.partition(".")[0] for path in paths for name, _ in absolute_imports(tree_of(path))}
    return imported - own - set(sys.stdlib_module_names)


def tree_of(path):
    if path.suffix == ".ipynb":
        code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        return ast.parse("\n".join(code))
    return ast.parse(path.read_text(encoding="utf-8"))


def absolute_imports(tree):
    """Pairs (module, imported name or None) of every import that is not relative."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def test_what_is_imported_is_asked_for():
    """Packages that come with another one are named here; all others stand in pyproject.toml themselves."""
    come_along = {
        "IPython": "ipywidgets",
        "traitlets": "ipywidgets",
        "nbformat": "nbclient",
        "jupyter_server": "jupyterlab",
        "jupyter_core": "jupyterlab",
        "nbconvert": "jupyterlab",
        "bs4": "jupyterlab",
        "yaml": "pyyaml",
        "matplotlib_fontja": "matplotlib-fontja",
        "PIL": "matplotlib",
    }
    of_users, of_tests = PYPROJECT["project"]["dependencies"], PYPROJECT["dependency-groups"]["test"]
    of_lab = PYPROJECT["project"]["optional-dependencies"]["lab"]
    for paths, asked in (([*SOURCES, *NOTEBOOKS], of_users), (SCRIPTS, of_users + of_lab + of_tests)):
        needed = {come_along.get(name, name) for name in third_party(paths)}
        assert needed - {re.match(r"[a-z-]+", entry)[0] for entry in asked} == set()


# What is in the repository


def test_no_lock_file_or_cache_is_tracked():
    names = tracked()
    assert "pyproject.toml" in names
    unwanted = re.compile(
        r"\.lock$|(^|/)(\.venv|\.uv|__pycache__|\.ipynb_checkpoints|\.\w+_cache|\.hypothesis)(/|$)|\.pyc$"
    )
    assert [name for name in names if unwanted.search(name)] == []


def test_no_file_names_a_machine_or_a_registry_host():
    parts = [
        ("/work", "/"),
        ("/home", "/"),
        ("/root", "/"),
        ("/Users", "/"),
        ("files.", "pythonhosted"),
        ("pypi.org", "/simple"),
    ]
    named = re.compile("|".join(re.escape("".join(pair)) for pair in parts))  # in two parts, as this file is read too
    found = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            found += [(name, hit) for hit in named.findall(data.decode("utf-8"))]
    assert found == []


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(arguments):
    result = run(sys.executable, "-m", "ruff", *arguments, "--no-cache", "--quiet")
    assert result.returncode == 0, result.stdout + result.stderr


# Documents


def links(text):
    """Targets of links and images, without those to other sites."""
    targets = re.findall(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return [target for target in targets if not re.match(r"https?:|mailto:", target)]


@each_document
def test_links_and_images_lead_to_files(name):
    text = read(name)
    assert links(text) or name == "CONTRIBUTING.md"
    for target in links(text):
        path, _, anchor = target.partition("#")
        assert not path or (ROOT / name).parent.joinpath(path).exists(), target
        assert not anchor or anchor in anchors(read(path or name)), target


def anchors(text):
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)", text, flags=re.M)
    }


@each_document
def test_files_and_folders_that_are_named_exist(name):
    """Code spans that look like a path, from the root or from somewhere in the package."""
    spans = re.findall(r"`([\w./-]+(?:/|\.(?:py|toml|yml|md|ipynb)))`", read(name))
    named = [span for span in spans if not re.search(r"(^|[/_])(x|blend)\.", span)]  # x and blend stand for any name
    missing = [span for span in named if not (ROOT / span).exists() and not [*PACKAGE.rglob(span.rstrip("/"))]]
    assert missing == []
    assert len(spans) > 1 or name == "README.ja.md"


def commands(text):
    """The code blocks and the commands within the text, the language taken out."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    spans = [span for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S)) if " " in span]
    return [command.strip().removesuffix(" ja") for command in blocks + spans]


def test_both_readmes_have_the_same_commands():
    english, japanese = (commands(read(name)) for name in ("README.md", "README.ja.md"))
    assert english == japanese
    assert len(english) >= 4


def test_both_readmes_have_the_same_links_each_to_its_language():
    english, japanese = (links(read(name)) for name in ("README.md", "README.ja.md"))
    assert "README.ja.md" in english
    assert "README.md" in japanese
    assert sorted(link.replace(".ja.", ".") for link in english) == sorted(
        link.replace(".ja.", ".") for link in japanese
    )


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_a_readme_lists_every_lesson(name):
    listed = {target for target in links(read(name)) if target.endswith(".ipynb")}
    assert listed == {path.relative_to(ROOT).as_posix() for path in NOTEBOOKS}


def test_the_address_of_the_project_is_one():
    """What is installed from, and what opens in Colab, is what pyproject.toml names."""
    home = PYPROJECT["project"]["urls"]["Repository"]
    name = home.removeprefix("https://github.com/")
    for document, language in (("README.md", "en"), ("README.ja.md", "ja")):
        found = {*re.findall(r"https?://(?!colab\.research)github\.com/[\w-]+/[\w-]+", read(document))}
        assert found == {home}
        assert f"/github/{name}/blob/main/notebooks/{language}/01_search_analogy.ipynb)" in read(document)


def test_the_two_commands_are_short_and_ci_runs_the_second():
    for name, language in (("README.md", ""), ("README.ja.md", " ja")):
        blocks = re.findall(r"```sh\n(.*?)```", read(name), flags=re.S)
        assert blocks == [f"python3 start.py{language}\n", "python3 start.py pytest\n"]
    found = run("bash", "-c", re.search(r"\$\((grep .*)\)", read(".ci/run"))[1])
    assert found.stdout == "python3 start.py pytest\n"


# The house


def test_imports_go_one_way():
    """As pyproject.toml has it, by import-linter."""
    result = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 kept, 0 broken" in result.stdout


def test_contributing_lists_every_part_of_the_package():
    rows = re.findall(r"^\| `qkvlib/([\w./]+?)/?` \|", read("CONTRIBUTING.md"), flags=re.M)
    parts = {path.relative_to(PACKAGE).parts[0] for path in SOURCES} - {"__init__.py"}
    assert sorted(rows) == sorted(parts)


def test_no_module_stands_beside_a_folder_of_its_name():
    assert [path for path in SOURCES if path.with_suffix("").is_dir()] == []


def test_no_function_hides_its_module():
    """But for `attention`: the function that all is about, in the file that is to be read first."""
    hidden = set()
    for path in SOURCES:
        if path.name == "__init__.py":
            modules = {other.stem for other in (*path.parent.glob("*.py"), *path.parent.glob("*/")) if other != path}
            hidden |= modules & {name for module, name in relative_imports(path) if module}
    assert hidden == {"attention"}


def relative_imports(path):
    """Pairs (module, imported name) of a file's imports from its own package; no module where a module is imported."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            module = node.module.rpartition(".")[2] if node.module else ""
            yield from ((module, alias.name) for alias in node.names if not is_module(path, node, alias.name))


def is_module(path, node, name):
    folder = path.parent.joinpath(*(node.module or "").split("."))
    return (folder / f"{name}.py").exists() or (folder / name).is_dir()


def test_a_kind_of_picture_is_one_python_and_one_javascript_file():
    """Each with the functions that the house needs of it; two are made for notebook cells only."""
    folder = PACKAGE / "views"
    scripts = {path.stem for path in folder.glob("*.js")} - {"dom", "panel", "board"}
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "look", "still", "board", "cell"}
    assert modules - scripts == {"chart", "lesson_map"}
    assert scripts - modules == set()
    for name in modules:
        functions = {node.name for node in tree_of(folder / f"{name}.py").body if isinstance(node, ast.FunctionDef)}
        assert {name, "text", "size", "draw"} <= functions, name


def test_an_explorer_its_words_its_lesson_and_its_test_have_one_name():
    for explorer in EXPLORERS:
        module = explorer.__module__.rpartition(".")[2]
        assert explorer.__name__.lower() == f"{module}explorer"
        assert explorer.name == module
        assert (ROOT / "tests" / f"test_{module}.py").exists(), module
        assert any(key.startswith(f"{module}.") for key in words.table("en")), module
    assert {*LIT} == {*LESSONS}, "each lesson has a map and a prediction of one name"


def test_nothing_imports_pyplot():
    imported = {f"{module}.{name}" for path in SOURCES for module, name in absolute_imports(tree_of(path))}
    assert [name for name in imported if "pyplot" in name or "pylab" in name] == []


# Notebooks


def public_uses(tree):
    """The names that a notebook takes from qkvlib, and the modules that it reaches into."""
    for module, name in absolute_imports(tree):
        if module == "qkvlib" and name:
            yield name
        elif module.startswith("qkvlib."):
            yield module
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "qkvlib":
            yield node.attr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_notebook_uses_public_names_only(path):
    used = {*public_uses(tree_of(path))}
    assert len(used) > 5
    assert used - PUBLIC == set()


def test_a_private_name_in_a_notebook_would_be_found():
    code = "import qkvlib.figures\nfrom qkvlib import words\nfrom qkvlib.views import matrix\nqkvlib._x(qkvlib.softmax)"
    assert {*public_uses(ast.parse(code))} - PUBLIC == {"qkvlib.figures", "words", "qkvlib.views", "_x"}
