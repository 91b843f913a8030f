// One row of numbers as bars, in a table that a screen reader can read. Where it asks, each bar is a slider.

import { LOOK } from "./look.js";
import { make, makeLabel, setAttributes, setText } from "./dom.js";

const THUMB = `width: 8px; height: var(--thumb); border: 1px solid var(--qkv-paper); border-radius: 3px; background: var(--qkv-ink);`;

export const style = `
.qkv-board table.qkv-bars th { font-weight: normal; text-align: right; }
.qkv-board table.qkv-bars .qkv-track { position: relative; width: 90px; min-width: 90px; padding: 2px 0; text-align: left; }
.qkv-board table.qkv-bars.qkv-editable .qkv-track { width: 114px; min-width: 114px; }
.qkv-board table.qkv-bars tr.qkv-chosen th { font-weight: 700; }
.qkv-board table.qkv-bars tr.qkv-chosen .qkv-bar { outline: 2px solid var(--qkv-ink); }
.qkv-board table.qkv-bars { --thumb: 22px; }
.qkv-board table.qkv-bars.qkv-many { --thumb: 15px; }
.qkv-board table.qkv-bars.qkv-tiny { --thumb: 11px; }
.qkv-board table.qkv-bars.qkv-many :is(td, th) { padding-block: 0; }
.qkv-board table.qkv-bars.qkv-many .qkv-bar { height: 13px; }
.qkv-board table.qkv-bars.qkv-tiny .qkv-bar { height: 9px; }
.qkv-bar-slider { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; background: none; appearance: none; cursor: ew-resize; }
.qkv-bar-slider::-webkit-slider-thumb { appearance: none; ${THUMB} }
.qkv-bar-slider::-moz-range-thumb { ${THUMB} }
.qkv-bar-slider:focus-visible { outline: 2px solid var(--qkv-ink); outline-offset: 1px; }`;

export const shape = ({ labels }) => labels;

export function build({ labels, asks }, { ask }) {
  const caption = make("caption");
  const bars = labels.map((label, i) => {
    const [bar, value] = [make("div", { class: "qkv-bar" }), make("td", { class: "qkv-value" })];
    const slider = asks ? makeSlider((value) => ask({ bar: i, value })) : null;
    const track = make("td", { class: "qkv-track" }, slider ? [bar, slider] : [bar]);
    const head = make("th", { scope: "row" }, [makeLabel(label)]);
    return { bar, value, slider, line: make("tr", {}, [head, track, value]) };
  });
  const table = make("table", { class: "qkv-bars" }, [caption, ...bars.map(({ line }) => line)]);
  table.classList.toggle("qkv-editable", asks);
  table.classList.toggle("qkv-many", labels.length > LOOK.words);
  table.classList.toggle("qkv-tiny", labels.length > LOOK.numbers);
  const root = make("div", { class: "qkv-scroll" }, [table]);
  root.classList.toggle("qkv-large", labels.length > LOOK.many);
  return { root, caption, bars };
}

export function update({ caption, bars }, picture) {
  const negative = -Math.min(0, ...picture.lengths);
  const positive = Math.max(0, ...picture.lengths) || 1;
  const scale = 100 / (negative + Math.max(positive, 1 - negative));
  setText(caption, picture.title);
  bars.forEach(({ line, bar, value, slider }, i) => {
    const length = picture.lengths[i];
    bar.style.marginLeft = `${(negative + Math.min(0, length)) * scale}%`;
    bar.style.width = `${Math.abs(length) * scale}%`;
    setText(value, picture.texts[i]);
    line.classList.toggle("qkv-chosen", i === picture.chosen);
    if (slider) setSlider(slider, picture.names[i], length, picture.texts[i]);
  });
}

function makeSlider(ask) {
  const slider = make("input", { type: "range", min: 0, max: 1, step: 0.01, class: "qkv-bar-slider" });
  slider.addEventListener("input", () => ask(slider.valueAsNumber));
  slider.addEventListener("blur", () => (slider.value = slider.getAttribute("value")));
  return slider;
}

// Under the hand it stays where the hand has it: what comes back answers an earlier move.
function setSlider(slider, name, value, text) {
  setAttributes(slider, { value, "aria-label": name, "aria-valuetext": text });
  if (slider.getRootNode().activeElement !== slider) slider.value = value;
}
