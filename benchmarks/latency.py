"""From a key press on a slider to the changed picture: live explorers against `interact` with `plt.show()`."""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright
from table import report

from qkvlib import KNOWN, SENTENCES, W_k, W_q, embed, tokens

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from lab import launch_chromium, open_notebook, run_all, settle, start_lab

ROOT = Path(__file__).resolve().parent.parent

CASES = (  # panels, what they show, the slider that is moved, how many times faster than the baseline
    ("label()", "the floor: a number in a label", "value", None),
    ("heatmap(8)", "8×8 heatmap", "temperature", 8),
    ("heatmap(32)", "32×32 heatmap", "temperature", 20),
    ("heatmap(32, numbers=False)", "32×32 heatmap, plt without numbers", "temperature", None),
    ("lesson()", "lesson 03: scores, weights, bars", "temperature", 6),
    ("plane()", "lesson 04: plane and bars", None, 5),
    ("roles()", "lesson 05: matrices", "entry", 5),
    ("training()", "lesson 05: training", "step", 5),
    ("relay()", "lesson 06: curves and table", "strength", 5),
    ("context()", "lesson 08: axis, weights, window", "fillers", 5),
)
STEPS = ["ArrowRight"] * 8 + ["ArrowLeft"] * 8  # up and down by eight steps
PICTURES = ".qkv-pictures"
BASELINE = (".widget-interact .noUi-handle", ".widget-interact .widget-output")  # slider, picture
N_BURSTS = 10
MAX_LAG = 150  # ms
SIZE = {"width": 1280, "height": 2000}  # both pictures are in view

PAGE = """() => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    window.updates = 0;
    kernel.anyMessage.connect((_, { msg, direction }) => {
        if (direction === "recv" && msg.content.data?.method === "update") updates++;
    });
    window.press = (slider, key) => {
        const handle = document.querySelector(slider);
        if (handle.type !== "range") return handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        key === "ArrowRight" ? handle.stepUp() : handle.stepDown();
        handle.dispatchEvent(new Event("input"));
    };
    window.painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    window.sleep = (ms) => new Promise((done) => setTimeout(done, ms));
    window.watch = (picture, changed) => {
        const observer = new MutationObserver(() => changed(observer));
        const all = { subtree: true, childList: true, attributes: true, characterData: true };
        observer.observe(document.querySelector(picture), all);
        return observer;
    };
}"""
STEP = """async ([slider, picture, key]) => {
    const image = () => document.querySelector(`${picture} img`);  // of plt.show(); a live picture has none
    const old = image()?.src;
    const changed = new Promise((done) => watch(picture, (observer) => {
        if (old && (image()?.src ?? old) === old) return;
        observer.disconnect();
        done();
    }));
    const begin = performance.now();
    press(slider, key);
    await Promise.race([changed, sleep(10000).then(() => { throw Error("no new picture"); })]);
    await image()?.decode();
    await painted();
    return performance.now() - begin;
}"""
BURST = """async ([slider, picture, keys]) => {
    let shown = 0, pictures = 0;
    const observer = watch(picture, async () => {
        pictures++;
        await painted();
        shown = performance.now();
    });
    const begin = performance.now();
    for (const [i, key] of keys.entries()) {
        await sleep(begin + (i * 1000) / keys.length - performance.now());
        press(slider, key);
    }
    const last = performance.now();
    while (performance.now() - Math.max(shown, last) < 1000) await sleep(50);
    observer.disconnect();
    return [shown - last, pictures];
}"""


def main() -> int:
    """Measure and print; returns the exit code."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copytree(ROOT / "notebooks" / "lab", Path(folder) / "notebooks" / "lab")
        for code, *_ in CASES:
            write_notebook(Path(folder) / f"{code}.ipynb", code)
        with start_lab(folder) as url, launch_chromium(playwright) as browser:
            for code, what, control, target in CASES:
                slider = f".qkv-control-{control} .noUi-handle" if control else ".qkv-bar-slider"
                live = (f".qkv-panel {slider}", PICTURES)
                page = open_notebook(browser, url, f"{code}.ipynb", SIZE)
                run_all(page)
                page.evaluate(PAGE)
                rows += steps(page, what, live, target)
                if code == "lesson()":
                    rows += bursts(page, what, live)
                if code == "plane()":
                    rows += drags(page, what)
                page.context.close()
    return report(rows)


def write_notebook(path, code):
    """A notebook that shows the panels; its last line makes lab.run_all wait for an explorer."""
    source = (
        f"import sys\nsys.path.append({str(ROOT / 'benchmarks')!r})\nfrom panels import *\nboth(*{code})  # Explorer()"
    )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}  # so that no dialog asks
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=kernel), path)


def steps(page, what, live, target):
    """Rows: how much faster a step of the live picture is, both ways by turns; and how many messages it takes."""
    quick, baseline, updates = [], [], []
    for key in STEPS:
        before = page.evaluate("updates")
        quick.append(page.evaluate(STEP, [*live, key]))
        settle(page)
        updates.append(page.evaluate("updates") - before)
        baseline.append(page.evaluate(STEP, [*BASELINE, key]))
        settle(page)
    ratio = median(baseline) / median(quick)
    measured = f"{ratio:.1f} × faster ({median(quick):.0f} ms, interact {median(baseline):.0f} ms)"
    yield what, measured, f"≥ {target} ×" if target else "", ratio >= target if target else None
    yield f"{what}: messages a step", f"{min(updates)} to {max(updates)}", "1", set(updates) == {1}


def bursts(page, what, live):
    """Rows: 60 changes in one second, how long after the last its picture is on screen, and whether it is right."""
    there = ["ArrowLeft"] * 20 + ["ArrowRight"] * 25 + ["ArrowLeft"] * 15
    back = ["ArrowRight"] * 20 + ["ArrowLeft"] * 25 + ["ArrowRight"] * 15
    lags, drawn, right = [], [], []
    exponent = 0
    for keys in [there, back] * (N_BURSTS // 2):
        lag, pictures = page.evaluate(BURST, [*live, keys])
        exponent += 0.05 * (keys.count("ArrowRight") - keys.count("ArrowLeft"))
        cells = page.locator(".qkv-picture-weights [role=gridcell]").all_text_contents()
        bars = page.locator(".qkv-picture-bars .qkv-value").all_text_contents()
        expected = weights(10**exponent)
        lags.append(lag)
        drawn.append(pictures)
        right.append(cells == expected and bars == expected[: len(bars)])  # bars of the first token
    measured = f"{median(lags):.0f} ms ({max(lags):.0f} ms at most), {median(drawn):.0f} pictures a burst"
    yield f"{what}: last of 60 changes in 1 s", measured, f"≤ {MAX_LAG} ms", median(lags) <= MAX_LAG
    yield f"{what}: last picture is right", f"{sum(right)} of {len(right)}", "all", all(right)


def drags(page, what):
    """Rows: a tip pulled with 60 moves in a second, as `bursts`."""
    page.evaluate("""() => {
        watch(".qkv-pictures", async () => { await painted(); window.shown = performance.now(); });
        document.addEventListener("pointermove", () => (window.moved = performance.now()));
    }""")
    lags, right = [], []
    for burst in range(N_BURSTS):
        way = (-1) ** burst  # there and back
        box = page.locator(".qkv-tip-dot").nth(2).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        begin = time.perf_counter()
        for i in range(60):
            page.mouse.move(x + way * 30 * np.sin(i / 5), y + way * 20 * np.sin(i / 3))
            time.sleep(max(0, begin + i / 60 - time.perf_counter()))
        page.mouse.up()
        page.evaluate("sleep(1000)")
        lags.append(page.evaluate("shown - moved"))
        box = page.locator(".qkv-tip-dot").nth(2).bounding_box()
        ends = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        pointer = x + way * 30 * np.sin(59 / 5), y + way * 20 * np.sin(59 / 3)
        right.append(np.allclose(ends, pointer, atol=2))  # pixels
    measured = f"{median(lags):.0f} ms ({max(lags):.0f} ms at most)"
    yield f"{what}: last of 60 moves of a tip in 1 s", measured, f"≤ {MAX_LAG} ms", median(lags) <= MAX_LAG
    yield f"{what}: the tip ends where the pointer is", f"{sum(right)} of {len(right)}", "all", all(right)


def weights(temperature):
    """The weights of the lesson's sentence in plain NumPy, as the cells show them."""
    X, _ = embed(tokens(SENTENCES["en"]), KNOWN)
    exps = np.exp((X @ W_q) @ (X @ W_k).T / np.sqrt(W_k.shape[1]) / temperature)
    return [f"{weight:.2f}" for weight in (exps / exps.sum(axis=1, keepdims=True)).ravel()]


if __name__ == "__main__":
    sys.exit(main())
