"""Drives JupyterLab in headless Chromium, for the browser tests and the benchmark."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

TOKEN = secrets.token_hex(8)
PATIENCE = 60_000  # ms: the machine may be busy
SIZE = {"width": 1280, "height": 720}


def find_chromium():
    """The path of a Chromium that is installed, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch_chromium(playwright):
    """A headless browser that finds no host but this machine."""
    args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    args += ["--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    # with scroll bars, as on most desktops: they take room
    return playwright.chromium.launch(
        executable_path=find_chromium(), args=args, ignore_default_args=["--hide-scrollbars"]
    )


@contextmanager
def start_lab(root, app="lab", configured=True, python=sys.executable):
    """JupyterLab (or another app: "notebook", which is 7, or "nbclassic") at `root`, as the lessons configure it or as
    it is; gives its URL.

    It has none of the settings of whoever runs it, and keeps bytecode as Python does by default (without it, Janome
    takes ten seconds to load).
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        names = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
        names += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
        command = [python, "-m", {"lab": "jupyterlab"}.get(app, app), "--no-browser", "--allow-root"]
        command += ["--config", "notebooks/lab/config.py"] if configured else []
        command += ["--expose-app-in-browser"] if app != "nbclassic" else []
        command += [f"--port={port}", "--ServerApp.port_retries=0"]
        command += [f"--IdentityProvider.token={TOKEN}", f"--FileCheckpoints.checkpoint_dir={home}/checkpoints"]
        settings = Path(home, "JUPYTERLAB_SETTINGS_DIR", "@jupyterlab", "docmanager-extension")
        settings.mkdir(parents=True)  # it would save into the repository what a test typed, after two minutes
        (settings / "plugin.jupyterlab-settings").write_text('{"autosave": false}')
        with Path(home, "log").open("w+") as log:
            environment = os.environ | {name: f"{home}/{name}" for name in names}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for_server(server, url, Path(log.name))
                yield url
            finally:
                server.terminate()  # its kernels end with it
                server.wait(30)


def _wait_for_server(server, url, log):
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            return urllib.request.urlopen(f"{url}/api/status?token={TOKEN}", timeout=5).close()
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


def open_notebook(browser, url, path, size=SIZE, app="lab"):
    """A page of a browser, or of a context of one, with the notebook open and its kernel idle, not run.

    `page.problems` fills with errors on the console, dialogs of the browser and requests to anywhere but the server,
    which are blocked.
    """
    context = browser.new_context(viewport=size) if hasattr(browser, "new_context") else browser
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.problems = []
    report, server = page.problems.append, urlsplit(url).netloc

    def is_elsewhere(address):
        return urlsplit(address).scheme not in ("data", "blob", "about") and urlsplit(address).netloc != server

    page.route(is_elsewhere, lambda route: route.abort())
    page.on("request", lambda request: is_elsewhere(request.url) and report(f"request: {request.url}"))
    page.on("websocket", lambda socket: is_elsewhere(socket.url) and report(f"socket: {socket.url}"))
    own = "Could not restore the debugger state"  # JupyterLab's own, where a page is left while its kernel is busy
    is_fault = lambda message: message.type == "error" and own not in message.text  # noqa: E731
    page.on("console", lambda message: is_fault(message) and report(f"console: {message.text}"))
    page.on("pageerror", lambda error: report(f"exception: {error}"))
    page.on("dialog", lambda dialog: (report(f"dialog: {dialog.message}"), dialog.dismiss()))
    place = {"lab": f"lab/tree/{path}?reset&", "notebook": f"notebooks/{path}?"}.get(app, f"{app}/notebooks/{path}?")
    page.goto(f"{url}/{place}token={TOKEN}")
    if app == "nbclassic":
        page.wait_for_function("window.Jupyter?.notebook?.kernel?.info_reply?.protocol_version")
        page.evaluate("Jupyter.notebook.kernel.widget_manager._loadFromKernel()")  # after its own: that draws all anew
    else:
        _wait_for_notebook(page)
    return page


def open_cells(browser, url, root, name, code, app="lab"):
    """A page with a new notebook of code cells in the folder `root` of the server, run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in code])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, root / name)
    page = open_notebook(browser, url, name, app=app)
    run_all(page)
    return page


def change_notebook(page, path):
    """Close the notebook, without saving it, with its kernel, and open another one as `open_notebook` does."""
    page.evaluate(
        """async (path) => {
            const { context, sessionContext } = jupyterapp.shell.currentWidget;
            await sessionContext.shutdown();
            context.model.dirty = false;
            jupyterapp.shell.currentWidget.close();
            await jupyterapp.commands.execute("docmanager:open", { path });
        }""",
        path,
    )
    _wait_for_notebook(page)


def _wait_for_notebook(page):
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")


def run_all(page):
    """Run All Cells from the menu, and wait until every cell has run and its widgets are drawn."""
    page.evaluate("""() => (window.ranAll = new Promise((resolve) =>
        jupyterapp.commands.commandExecuted.connect((_, { id, result }) =>
            id === "notebook:run-all-cells" && result.then(resolve))), undefined)""")
    page.locator(".lm-MenuBar-itemLabel:text-is('Run')").click()
    page.locator(".lm-Menu-itemLabel:text-is('Run All Cells')").click()
    page.evaluate("ranAll")
    page.wait_for_function("""() => !document.querySelector(".jp-Notebook").textContent.includes("Loading widget")
        && document.querySelector(".qkv-panel") && !document.querySelector(".qkv-panel:not(:has(.qkv-board))")""")
    settle(page)


def compose(page, text):
    """Type as an input method does, with the Enter that ends the conversion, which is not the page's."""
    session = page.context.new_cdp_session(page)
    key = {"windowsVirtualKeyCode": 229, "code": "KeyA", "key": "Process"}
    enter = {"windowsVirtualKeyCode": 229, "code": "Enter", "key": "Enter"}
    for end in range(1, len(text) + 1):
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        composing = {"text": text[:end], "selectionStart": end, "selectionEnd": end}
        session.send("Input.imeSetComposition", composing)
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    session.send("Input.insertText", {"text": text})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter, "windowsVirtualKeyCode": 13})
    session.detach()
    settle(page)


def explorer(page, source="Explorer("):
    """The panel of the first cell whose source has the text, scrolled into view, as a locator."""
    panel = page.locator(".jp-Notebook .jp-Cell").nth(show_cell(page, source)).locator(".qkv-panel")
    panel.locator(".qkv-picture").first.wait_for()
    return panel


def show_cell(page, text):
    """Scroll to the first cell whose source has the text; gives its index. The notebook's selection stays."""
    return page.evaluate(
        """async (text) => {
            const notebook = jupyterapp.shell.currentWidget.content;
            const index = notebook.widgets.findIndex(({ model }) =>
                model.type === "code" && model.sharedModel.getSource().includes(text));
            await notebook.scrollToItem(index, "start");
            return index;
        }""",
        text,
    )


def settle(page):
    """Wait until the kernel has done all that the page sent, and the page has drawn it."""
    ask(page, "None")


def ask(page, expression):
    """The value of a Python expression in the notebook's kernel, as its repr, once nothing else is on its way.

    Widgets have a subshell of the kernel for themselves, where messages keep their order: a question that is answered
    there tells that those before it are done. But ipywidgets holds a change back while another one is on its way.
    """
    return page.evaluate(
        """async (expression) => {
            const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
            if (kernel.supportsSubshells) {
                kernel.probe ??= kernel.createComm("jupyter.widget"); // never opened: it only knows the subshell
                await kernel.probe.subshellStarted;
            }
            const parts = [jupyterapp.shell.currentWidget];
            for (const part of parts) parts.push(...(part.children?.() ?? []));
            const manager = await parts.find((part) => part._manager)._manager.promise; // of the notebook's widgets
            for (;;) {
                const before = kernel.subshellId;
                kernel.subshellId = kernel.probe?.subshellId ?? null;
                const content = { code: "", silent: true, store_history: false, user_expressions: { expression } };
                const request = kernel.requestExecute(content);
                kernel.subshellId = before;
                const answer = (await request.done).content.user_expressions.expression;
                await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
                if ([...manager._modelsSync.values()].some((model) => model._pending_msgs)) continue;
                return answer.status === "ok" ? answer.data["text/plain"] : JSON.stringify(answer);
            }
        }""",
        expression,
    )
