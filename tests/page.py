"""A page with one board and no Jupyter: each scene is drawn over the last one, and once more afresh."""

import base64
import itertools
import re
from collections import Counter

from qkvlib.views.board import Board
from qkvlib.views.look import module_of

KEYS = ["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "Home", "End", "Control+ArrowUp", "b"]
HARNESS = """async ([code, css]) => {
    const board = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));

    class Model {
        state = { asked: {} };
        listeners = [];
        told = [];
        get(name) { return this.state[name]; }
        set(name, value) { this.state[name] = value; }
        save_changes() { this.told.push(this.state.asked); }
        on(event, listener) { this.listeners.push([event, listener]); }
        off(event, listener) { this.listeners = this.listeners.filter(([, other]) => other !== listener); }
        show(scene) {
            this.state.scene = scene;
            for (const [event, listener] of this.listeners) if (event === "change:scene") listener();
        }
    }

    const revive = (value) => {
        if (value?.bytes) return new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt()).buffer);
        if (value === null || typeof value !== "object") return value;
        for (const key of Object.keys(value)) value[key] = revive(value[key]);
        return value;
    };

    const mount = (model) => {
        const panel = document.body.appendChild(document.createElement("div"));
        panel.className = "qkv-panel";
        panel.innerHTML = "<div class='qkv-controls'></div><div></div>";
        const close = board.render({ model, el: panel.lastChild });
        return { panel, el: panel.lastChild, close: () => (close(), panel.remove()) };
    };

    const separators = { class: " ", style: "; " }; // of attributes whose order means nothing
    const html = (node) => {
        if (node.nodeType !== Node.ELEMENT_NODE) return node.data;
        const attributes = [...node.attributes].map(({ name, value }) => {
            if (!(name in separators)) return `${name}=${JSON.stringify(value)}`;
            return value && `${name}=${value.split(separators[name]).filter(Boolean).sort()}`;
        });
        const own = [`tab=${node.tabIndex}`, node.localName === "input" ? node.value : ""];
        const tag = [node.localName, ...attributes.filter(Boolean).sort(), ...own].join(" ");
        return `\\n<${tag}>${[...node.childNodes].map(html).join("")}`;
    };
    const difference = (one, other) => {
        const [lines, others] = [html(one), html(other)].map((text) => text.split("\\n"));
        const at = lines.findIndex((line, i) => line !== others[i]);
        return at < 0 && lines.length === others.length ? null : `${lines.at(at)} IS AFRESH ${others.at(at)}`;
    };
    const told = (node) => node.nodeType === Node.TEXT_NODE ? [node.data] : [...node.childNodes].flatMap(told)
        .concat(["aria-label", "aria-valuetext"].map((name) => node.getAttribute?.(name) ?? ""));
    const texts = (el) => Object.fromEntries([...el.querySelectorAll(".qkv-picture")]
        .map((picture) => [picture.className.split("qkv-picture-").at(-1), told(picture).join("\\n")]));

    const others = [];
    let model, view, rests, under; // where the pointer rests among all parts of the pictures, and what lies under it
    const parts = (el) => [...el.querySelectorAll(".qkv-picture *")];
    const point = (target, type) =>
        target?.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: 9, clientY: 9 }));

    // The pointer moves onto a part, anywhere in the order of the page, or away: null.
    window.hover = (place) => {
        if (under?.isConnected) for (let node = under; node !== view.el; node = node.parentNode)
            node.dispatchEvent(new PointerEvent("pointerleave"));
        rests = place === null ? -1 : Math.floor(place * parts(view.el).length);
        under = parts(view.el)[rests];
        for (const type of ["pointerover", "pointermove"]) point(under, type);
    };
    window.start = () => {
        for (const shown of [view, ...others.splice(0)]) shown?.close();
        [model, view, rests, under] = [new Model(), null, null, null];
    };
    window.show = (scene) => {
        model.show(revive(scene));
        view ??= mount(model);
        const again = new Model();
        again.state.scene = model.state.scene;
        const afresh = mount(again);
        if (under && !under.isConnected) { // the browser tells what comes to lie under the pointer
            under = parts(view.el)[rests] ?? null;
            point(under, "pointerover");
        }
        rests = parts(view.el).indexOf(under);
        point(parts(afresh.el)[rests], "pointerover");
        const seen = { difference: difference(view.el, afresh.el), html: html(view.el), texts: texts(view.el) };
        afresh.close();
        return seen;
    };
    window.again = () => others.push(mount(model));
    window.told = () => model.told.splice(0);
}"""


class BoardPage:
    """A page of a browser context with the board's own code; `errors` fills with what goes wrong on it."""

    def __init__(self, context, code=Board._esm):
        self.page = context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.page.evaluate(HARNESS, [code, Board._css])

    def start(self):
        self.page.evaluate("start()")

    def show(self, scene):
        self.follow([scene], [[]])

    def follow(self, scenes, moves):
        """Draw scenes one after the other, moving the pointer in between; each must be as if drawn afresh, and whole.

        scenes : list of dict, as the board gets them
        moves : list of lists, for each scene: where the pointer goes after it, shares of the page or None for away
        """
        draw = "([scenes, moves]) => scenes.map((scene, i) => [show(scene), moves[i].forEach(hover)][0])"
        shown = self.page.evaluate(draw, [[sent(scene) for scene in scenes], moves])
        for scene, seen in zip(scenes, shown, strict=True):
            assert seen["difference"] is None, seen["difference"]
            assert not re.search(r"\b(undefined|NaN|null)\b", seen["html"]), seen["html"]
            assert list(seen["texts"]) == list(scene["pictures"]), seen["texts"].keys()
            lost = {name: missing(picture, seen["texts"][name]) for name, picture in scene["pictures"].items()}
            assert not any(lost.values()), lost
        assert not self.errors, self.errors

    def told(self):
        """What the page asked for since the last time; the pointer goes away from all pictures."""
        self.page.mouse.move(0, 0)
        return self.page.evaluate("told()")

    def point_at(self, name, share):
        """Move the pointer onto a part of a picture that can be chosen or moved, or else onto the picture; gives where.

        share : from 0, the first part, to 1, the last
        """
        picture = self.page.locator(f".qkv-picture-{name}")
        parts = picture.locator(":is([tabindex], input)").all() or [picture]
        self.part = parts[round(share * (len(parts) - 1))]
        self.part.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
        self.page.mouse.move(*middle(self.part))
        return middle(self.part)

    def press(self, name, share):
        x, y = self.point_at(name, share)
        self.page.mouse.down()
        return x, y

    def click(self, name, share):
        self.press(name, share)
        self.page.mouse.up()

    def drag(self, name, share):
        """Press, move a little, then out of the page, and let go there."""
        x, y = self.press(name, share)
        self.page.mouse.move(x + 20, y + 10)
        self.page.mouse.move(-5, 1)
        self.page.mouse.up()

    def press_keys(self, name, share):
        """Focus, and press all keys that could mean something."""
        self.point_at(name, share)
        self.part.focus()
        for key in KEYS:
            self.page.keyboard.press(key)

    def focus(self):
        """The part of a picture that has the focus, as HTML, if one has."""
        return self.page.evaluate("document.activeElement.closest('.qkv-picture *')?.outerHTML ?? ''")

    def tab_stops(self):
        """What Tab leads to in pictures, as HTML."""
        stops = self.page.locator(".qkv-picture :is([tabindex='0'], input)")
        return stops.evaluate_all("(stops) => stops.map((stop) => stop.outerHTML)")


def sent(value):
    """A scene as JSON; bytes are marked."""
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: sent(part) for key, part in value.items()}
    return [sent(part) for part in value] if isinstance(value, list | tuple) else value


def missing(picture, text):
    """Texts of a picture in words that stand less often in a text than in the picture."""
    cells = [picture["title"], picture["note"]]
    if picture["kind"] == "arithmetic":
        return [part for part, _ in picture["parts"] if part.strip() not in text]
    for part in module_of(picture).text(picture):
        if isinstance(part, str):  # names of axes, and what is at their ends, which are seen as ends
            cells += {*re.split(r"[(),:] *", part)} - {"−1", "1"}
        else:
            cells += itertools.chain(*part)
    return [cell for cell, count in Counter(cells).items() if cell and text.count(cell) < count]


def middle(part):
    """The middle of a part of the page."""
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def overlap(one, other):
    """How far two boxes lie over each other, across and down."""
    sides = (("x", "width"), ("y", "height"))
    return tuple(min(b[at] + b[size] for b in (one, other)) - max(one[at], other[at]) for at, size in sides)
