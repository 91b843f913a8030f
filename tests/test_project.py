"""The project as a whole: dependencies, documents, style, and who may import whom."""

import ast
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

import nbformat
import pytest
import yaml
from helpers import EXPLORERS, LESSONS, NOTEBOOKS, ROOT
from PIL import Image

import qkvlib
from qkvlib import trained, words
from qkvlib.views.board import SHARED
from qkvlib.views.lesson_map import LIT

PACKAGE = ROOT / "qkvlib"
SOURCES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = ("tests", "benchmarks", "notebooks", "docs")
SCRIPTS = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
READMES = {"en": "README.md", "ja": "README.ja.md"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
OF_LIBRARY, OF_LAB = PROJECT["dependencies"], PROJECT["optional-dependencies"]["lab"]
OF_TESTS, OF_MODEL = (PYPROJECT["dependency-groups"][name] for name in ("test", "model"))
COME_ALONG = {"nbformat": "nbclient", "yaml": "pyyaml", "PIL": "matplotlib"}
COME_ALONG |= dict.fromkeys(["IPython", "traitlets"], "ipywidgets")  # with another package; all else is asked for
COME_ALONG["huggingface_hub"] = "tokenizers"
COME_ALONG |= dict.fromkeys(["jupyter_server", "jupyter_core", "nbconvert", "bs4"], "jupyterlab")
UNWANTED = r"\.lock$|(^|/)(\.venv|\.uv|__pycache__|\.ipynb_checkpoints|\.\w+_cache|\.hypothesis)(/|$)|\.pyc$"
PLACES = ["/work-/", "/home-/", "/root-/", "/Users-/", "files.-pythonhosted", "pypi.org-/simple"]  # hyphens aside

each_document = pytest.mark.parametrize("name", [*READMES.values(), "CONTRIBUTING.md"])


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


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


# Dependencies


def test_conda_and_pyproject_ask_for_the_same():
    packages = yaml.safe_load(read("environment.yml"))["dependencies"]
    [of_pip] = [entry["pip"] for entry in packages if isinstance(entry, dict)]
    of_library = [entry for entry in OF_LIBRARY if not entry.startswith("ipywidgets")]  # lab asks for more
    expected = [*of_library, *OF_LAB, *OF_TESTS, f"python{PROJECT['requires-python']}", "pip", "."]
    assert sorted([entry for entry in packages if isinstance(entry, str)] + of_pip) == sorted(expected)


def test_every_range_has_both_ends():
    ranges = [*OF_LIBRARY, *OF_LAB, *OF_TESTS, *OF_MODEL, *PYPROJECT["build-system"]["requires"]]
    assert [entry for entry in ranges if not re.fullmatch(r"[a-z\d-]+>=[\d.]+,<[\d.]+", entry)] == []


def test_the_oldest_python_is_the_same_everywhere():
    oldest = PROJECT["requires-python"].removeprefix(">=")
    workflow = yaml.safe_load(read(".github/workflows/tests.yml"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"][0] == oldest
    assert all(f"Python {oldest}" in read(name) for name in READMES.values())


def test_what_is_imported_is_asked_for():
    own = {"qkvlib", "qkvlib_server", *(path.stem for path in SCRIPTS)}
    of_trained = [entry for entry in OF_LAB if entry.startswith(("safetensors", "tokenizers"))]  # Pyodide has neither
    scripts = [path for path in SCRIPTS if not path.read_text(encoding="utf-8").startswith("# /// ")]  # asks by itself
    assert [path.stem for path in SCRIPTS if path not in scripts] == ["reference"]
    trained = PACKAGE / "models" / "trained.py"
    for paths, asked in (
        ([path for path in (*SOURCES, *NOTEBOOKS) if path != trained], OF_LIBRARY),
        ([trained], OF_LIBRARY + of_trained),
        (scripts, OF_LIBRARY + OF_LAB + OF_TESTS),
    ):
        imported = {name.partition(".")[0] for path in paths for name, _ in absolute_imports(tree_of(path))}
        needed = {COME_ALONG.get(name, name.replace("_", "-")) for name in imported - own - sys.stdlib_module_names}
        assert needed - {re.match(r"[a-z-]+", entry)[0] for entry in asked} == set()


LAZY = {  # what is run -> what it does not load
    "import qkvlib; qkvlib.WeightsExplorer()": "matplotlib janome PIL tokenizers safetensors huggingface_hub",
    "import qkvlib": trained.PACKAGE,
    "from qkvlib.views import bars, still; still.png([bars.bars([0.5], ['学校'], '')])": "matplotlib.pyplot",
    "from qkvlib import tokens; [*map(tokens, ('I go', '私は 学校 へ 行った', 'שלום 👩 pizza'))]": "janome",
    "import qkvlib_server": "qkvlib numpy ipywidgets",
}


@pytest.mark.parametrize(("code", "absent"), LAZY.items())
def test_what_is_not_needed_is_not_loaded_and_nothing_warns(code, absent):
    strict = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning"]  # that matplotlib 3.9 gets
    result = run(*strict, "-c", f"{code}; import sys; print(*sys.modules)")
    assert result.stderr == ""
    assert all(map(find_spec, absent.split()))
    assert not {*result.stdout.split()} & {*absent.split(), "matplotlib_fontja"}


# What is in the repository


def test_no_lock_file_cache_or_name_of_a_machine_or_registry_is_tracked():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    listed = run("git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    names = [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    assert "pyproject.toml" in names
    assert [name for name in names if re.search(UNWANTED, name)] == []
    places = re.compile("|".join(re.escape(place.replace("-", "")) for place in PLACES).encode())
    written = {name: (ROOT / name).read_bytes() for name in names}
    assert [name for name, data in written.items() if b"\0" not in data and places.search(data)] == []


@pytest.mark.promise("Solutions are folded in every front end")
@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(arguments):
    result = run(sys.executable, "-m", "ruff", *arguments, "--no-cache", "--quiet")
    assert result.returncode == 0, result.stdout + result.stderr


# Documents


def links(text):
    """Targets of links and images, without those to other sites."""
    targets = re.findall(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return [target for target in targets if not re.match(r"https?:|mailto:", target)]


@pytest.mark.parametrize("language", READMES)
def test_the_picture_of_a_readme_shows_what_the_panel_says_today(language):
    """Its metadata tells what stood on the panel when it was taken."""
    weights = runpy.run_path(ROOT / "docs" / "weights.py")
    path = weights["PICTURES"][language]
    assert f"({path.relative_to(ROOT).as_posix()})" in read(READMES[language])
    with Image.open(path) as picture:
        shown = picture.info.get("Description", "")
    assert shown == weights["told"](language), "run docs/weights.py, and look at what it takes"


@each_document
def test_links_and_images_lead_to_files(name):
    assert links(read(name)) or name == "CONTRIBUTING.md"
    for target in links(read(name)):
        path, _, anchor = target.partition("#")
        assert not path or (ROOT / name).parent.joinpath(path).exists(), target
        titles = re.findall(r"^#+ (.*)", read(path or name), flags=re.M) if anchor else []
        anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not anchor or anchor in anchors, target


@each_document
def test_files_and_folders_that_are_named_exist(name):
    """Code spans that look like a path, from the root or from somewhere in the package."""
    spans = re.findall(r"`([\w./-]+(?:/|\.(?:py|toml|yml|md|ipynb)))`", read(name))
    named = [span for span in spans if not re.search(r"(^|[/_])(x|blend)\.", span)]  # x and blend stand for any name
    assert [span for span in named if not (ROOT / span).exists() and not [*PACKAGE.rglob(span.rstrip("/"))]] == []
    assert len(spans) > 1 or name == "README.ja.md"


def test_both_readmes_have_the_same_commands_and_links_to_every_lesson_and_one_address():
    """What is installed from, and what opens in Colab, is what pyproject.toml names."""
    home, spans, targets = PROJECT["urls"]["Repository"], [], []
    in_colab = f"/github/{home.removeprefix('https://github.com/')}/blob/main/notebooks"
    for language, name in READMES.items():
        text = read(name)
        blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
        assert blocks == [f"python3 start.py{' ja' * (language == 'ja')}\n", "python3 start.py pytest\n"]
        quoted = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
        spans.append([span.strip().removesuffix(" ja") for span in quoted if " " in span])
        listed = {target for target in links(text) if target.endswith(".ipynb")}
        assert listed == {path.relative_to(ROOT).as_posix() for path in NOTEBOOKS}
        assert READMES["ja" if language == "en" else "en"] in links(text)
        targets.append(sorted(target.replace(".ja.", ".") for target in links(text)))
        assert {*re.findall(r"https?://(?!colab\.research)github\.com/[\w-]+/[\w-]+", text)} == {home}
        assert f"{in_colab}/{language}/01_search_analogy.ipynb)" in text
    assert spans[0] == spans[1]
    assert len(spans[0]) >= 2
    assert targets[0] == targets[1]
    in_ci = run("bash", "-c", re.search(r"\$\((grep .*)\)", read(".ci/run"))[1])
    assert in_ci.stdout == "python3 start.py pytest\n"


def promises(name, heading):
    """The entries of the list under a heading."""
    section = read(name).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [re.sub(r"\s+", " ", entry) for entry in re.findall(r"^- (.*(?:\n  .*)*)", section, flags=re.M)]


def test_each_promise_to_a_class_is_held_by_a_test_and_made_in_both_languages():
    """By tests that say so: `@pytest.mark.promise`, with the first words of what README.md promises."""
    told = promises("README.md", "In class")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py")]
    held = {
        promise for source in sources for promise in re.findall(r'^@pytest\.mark\.promise\("(.+)"\)$', source, re.M)
    }
    kept = {promise: [one for one in told if one.startswith(promise)] for promise in held}
    assert sorted(told) == sorted(one for found in kept.values() for one in found)
    assert len(told) == len(promises("README.ja.md", "授業で使うとき"))


# The house


def test_imports_go_one_way():
    """As pyproject.toml has it, by import-linter."""
    result = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 kept, 0 broken" in result.stdout


def test_contributing_lists_every_part_of_the_package():
    rows = re.findall(r"^\| `qkvlib/([\w./]+?)/?` \|", read("CONTRIBUTING.md"), flags=re.M)
    assert sorted(rows) == sorted({path.relative_to(PACKAGE).parts[0] for path in SOURCES} - {"__init__.py"})


def test_nothing_hides_a_module():
    """No folder of its name, and no function but `attention`: the one that all is about, in the file to read first."""
    assert [path for path in SOURCES if path.with_suffix("").is_dir()] == []
    hidden = set()
    for path in PACKAGE.rglob("__init__.py"):
        package = import_module(".".join(path.relative_to(ROOT).parts[:-1]))
        modules = [found.name for found in iter_modules(package.__path__)]
        hidden |= {name for name in modules if not isinstance(getattr(package, name, package), ModuleType)}
    assert hidden == {"attention"}


def test_a_kind_of_picture_is_one_python_and_one_javascript_file():
    """Each with the functions that the house needs of it; some are made for notebook cells only."""
    folder = PACKAGE / "views"
    scripts = {path.stem for path in folder.glob("*.js")} - {*SHARED, "board"}
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "look", "still", "board", "cell"}
    assert (modules - scripts, scripts - modules) == ({"chart", "flow", "lesson_map"}, set())
    for name in modules:
        functions = {node.name for node in tree_of(folder / f"{name}.py").body if isinstance(node, ast.FunctionDef)}
        assert {name, "text", "size", "draw"} <= functions, name


def test_an_explorer_its_words_its_lesson_and_its_test_have_one_name():
    for explorer in EXPLORERS:
        module = explorer.__module__.rpartition(".")[2]
        assert (explorer.__name__.lower(), explorer.name) == (f"{module}explorer", module)
        assert (ROOT / "tests" / f"test_{module}.py").exists(), module
        assert any(key.startswith(f"{module}.") for key in words.table("en")), module
    assert {*LIT} == {*LESSONS}, "each lesson has a map and a prediction of one name"


def test_nothing_imports_pyplot():
    imported = {f"{module}.{name}" for path in SOURCES for module, name in absolute_imports(tree_of(path))}
    assert [name for name in imported if "pyplot" in name or "pylab" in name] == []


# Notebooks


def private(tree):
    """The names that a notebook takes from qkvlib and the modules that it reaches into, without the public names."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_qkvlib(node.value)}
    for module, name in absolute_imports(tree):
        if module.startswith("qkvlib.") or (module == "qkvlib" and name):
            used.add(name if module == "qkvlib" else module)
    modules = {path.stem for path in PACKAGE.iterdir()} - {"attention"}
    return used - {name for name in vars(qkvlib) if not name.startswith("_") and name not in modules}


def is_qkvlib(node):
    return isinstance(node, ast.Name) and node.id == "qkvlib"


def test_a_notebook_uses_public_names_only():
    assert {path: private(tree_of(path)) for path in NOTEBOOKS} == {path: set() for path in NOTEBOOKS}
    code = "import qkvlib.figures\nfrom qkvlib import words\nfrom qkvlib.views import matrix\nqkvlib._x(qkvlib.softmax)"
    assert private(ast.parse(code)) == {"qkvlib.figures", "words", "qkvlib.views", "_x"}
