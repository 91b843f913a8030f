"""JupyterLab's configuration for the lessons: nothing is sent anywhere."""

import json
import os
import re
import urllib.request

import lab
import pytest
from helpers import ROOT

RECORDER = """
import os, sys

def record(event, arguments, file=os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
    if event == "socket.getaddrinfo" or event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]
        os.write(file, f"{{os.getpid()}} {{host}}\\n".encode())

record("socket.getaddrinfo", ["start"])
sys.addaudithook(record)
"""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    """A folder in which each Python that finds it writes a `log` of the hosts that it asks for."""
    folder = tmp_path_factory.mktemp("recorder")
    (folder / "sitecustomize.py").write_text(RECORDER.format(log=str(folder / "log")))
    return folder


@pytest.fixture(scope="module")
def server(browser, root, recorder):
    """The URL of a JupyterLab that is recorded, and its kernels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(recorder), os.environ.get("PYTHONPATH")])))
        with lab.start_lab(root) as url:
            yield url


def attempts(recorder):
    """The processes that were recorded, and the hosts that they asked for."""
    lines = [line.split(" ", 1) for line in (recorder / "log").read_text().splitlines()]
    return {process for process, _ in lines}, [host for _, host in lines if host != "start"]


def get(url):
    request = urllib.request.Request(url, headers={"Authorization": f"token {lab.TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def page(browser, server):
    """The first lesson, run."""
    page = lab.open_notebook(browser, server, "notebooks/en/01_search_analogy.ipynb")
    lab.run_all(page)
    return page


def test_jupyterlab_reads_the_overrides_and_knows_all_of_them(server):
    """Each is the default of a setting that JupyterLab itself describes."""
    overrides = json.loads((ROOT / "notebooks" / "lab" / "overrides.json").read_text())
    for plugin, settings in overrides.items():
        known = get(f"{server}/lab/api/settings/{plugin}")["schema"]["properties"]
        assert {name: known[name]["default"] for name in settings if "type" in known[name]} == settings


@pytest.mark.promise("Nothing is sent anywhere")
def test_neither_server_nor_kernel_nor_page_asks_another_host(page, server, recorder):
    """Also when news, a newer JupyterLab and extensions are asked for; the recorder is tried at the end."""
    config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.content(), re.S)[1])
    assert config["news"]["disabled"]
    asked = [get(f"{server}/lab/api/{name}") for name in ("update", "extensions")]
    assert asked[0]["notification"] is None
    watched, hosts = attempts(recorder)
    assert len(watched) >= 2  # the server and the kernel
    assert {*hosts} <= {"127.0.0.1", "localhost", "::1", "None", ""}
    assert page.problems == []
    lab.ask(page, "__import__('socket').getaddrinfo('example.invalid', 80)")
    assert attempts(recorder)[1][-1] == "example.invalid"
