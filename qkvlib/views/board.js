// The pictures of one explorer, redrawn together from one message.

import { clamp, make, setText, tell } from "./dom.js";
import { KINDS } from "./kinds.js";
import { watchPanel } from "./panel.js";

export default {
  render({ model, el }) {
    putStyle();
    el.classList.add("qkv-board");
    const status = make("div", { class: "qkv-status", role: "status" });
    const pictures = make("div", { class: "qkv-pictures" });
    el.append(pictures, status);
    const panel = watchPanel(model, el, () => update());
    const slots = new Map(); // name of a picture -> where it stands on the page
    const update = () => {
      const scene = model.get("scene");
      setText(status, scene.status);
      for (const [name, { root }] of slots) if (!(name in scene.pictures)) slots.delete(name) && root.remove();
      Object.entries(scene.pictures).forEach(([name, picture], i) => {
        if (!slots.has(name)) slots.set(name, makeSlot(name, (changes) => tell(model, { picture: name, changes })));
        const slot = slots.get(name);
        if (pictures.children[i] !== slot.root) pictures.insertBefore(slot.root, pictures.children[i]);
        draw(slot, panel.gone ? { ...picture, asks: false } : picture);
      });
      panel.update(scene);
    };
    update();
    model.on("change:scene", update);
    return () => {
      model.off("change:scene", update);
      panel.close();
    };
  },
};

// The styles of all kinds, once for the page.
function putStyle() {
  const style = document.getElementById("qkv-style") ?? document.head.appendChild(make("style", { id: "qkv-style" }));
  setText(style, Object.values(KINDS).map(({ style }) => style).join("\n"));
}

function makeSlot(name, ask) {
  const note = make("p", { class: "qkv-note" });
  return { root: make("div", { class: `qkv-picture qkv-picture-${name}` }, [note]), note, ask };
}

// A picture of another shape than the last one is built afresh; what it shows is written in either case.
function draw(slot, picture) {
  const kind = KINDS[picture.kind];
  const shape = JSON.stringify([picture.kind, picture.asks, kind.shape(picture)]);
  const refocus = slot.shape === shape ? null : keepFocus(slot.root);
  if (slot.shape !== shape) {
    slot.parts?.root.remove();
    slot.parts = kind.build(picture, slot);
    slot.root.prepend(slot.parts.root);
    slot.shape = shape;
  }
  kind.update(slot.parts, picture);
  setText(slot.note, picture.note);
  refocus?.();
}

// What brings the focus back to where it is now, once everything in `root` is new.
function keepFocus(root) {
  const tabStops = () => [...root.querySelectorAll("[tabindex='0'], input")];
  const focused = root.getRootNode().activeElement;
  if (!root.contains(focused)) return null;
  const stop = tabStops().indexOf(focused);
  return () => tabStops()[clamp(stop, tabStops().length - 1)]?.focus({ preventScroll: true });
}
