"""Take the picture of the READMEs, in each language, from today's panel; each tells in its metadata what it shows."""

import io
import sys
import tempfile
from pathlib import Path
from shutil import copytree

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

from qkvlib import WeightsExplorer, words

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from lab import explorer, launch_chromium, open_cells, settle, start_lab

HERE = Path(__file__).resolve().parent
CODE = "import qkvlib\n\nqkvlib.use_language({!r})\nqkvlib.WeightsExplorer()"
PICTURES = {"en": HERE / "weights.png", "ja": HERE / "weights.ja.png"}


def told(language) -> str:
    """Every text and number on the panel: of buttons, of controls, and of what they show, and of all pictures."""
    with words.speaking(language):
        panel = WeightsExplorer()
        shown = [getattr(control, "label", control.value) for control in panel.controls.values()]
        labels = [widget.description for widget in [*panel.buttons.values(), *panel.controls.values()]]
        return "\n".join([*labels, *map(str, shown), *panel._said()])


def take(page) -> Image.Image:
    """The panel on a page as a picture, with the pointer elsewhere."""
    panel = explorer(page, "WeightsExplorer")
    page.mouse.move(0, 0)
    settle(page)
    return Image.open(io.BytesIO(panel.screenshot()))


if __name__ == "__main__":
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copytree(HERE.parent / "notebooks" / "lab", root / "notebooks" / "lab")
        browser = launch_chromium(playwright)
        with start_lab(root) as url:
            for language, path in PICTURES.items():
                page = open_cells(browser, url, root, f"{language}.ipynb", [CODE.format(language)])
                text = PngImagePlugin.PngInfo()
                text.add_itxt("Description", told(language))
                take(page).convert("RGB").quantize(256).save(path, pnginfo=text, optimize=True)
                print(path)
        browser.close()
