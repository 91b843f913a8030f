// Marks on an axis from one end to the other, in a table that a screen reader can read.

import { make, makeLabel, setLabel, setText } from "./dom.js";

export const style = `
.qkv-board table.qkv-axis-marks :is(th, td) { font-weight: normal; }
.qkv-board table.qkv-axis-marks tbody th { text-align: right; white-space: nowrap; }
.qkv-board table.qkv-axis-marks .qkv-label { max-width: none; }
.qkv-board .qkv-ends span { float: left; }
.qkv-board .qkv-ends span + span { float: right; }
.qkv-board td.qkv-axis-track { position: relative; width: 140px; height: 26px; padding: 0; border: solid var(--qkv-line); border-width: 0 2px; }
.qkv-middle { position: absolute; left: 50%; top: 0; bottom: 0; border-left: 1px dashed var(--qkv-ink); }
.qkv-shift { position: absolute; top: 10px; height: 6px; background: var(--qkv-value); }
.qkv-dot { position: absolute; top: 5px; width: 16px; height: 16px; margin-left: -8px; border-radius: 8px; background: var(--qkv-value); }`;

export const shape = ({ labels }) => labels.length;

export function build({ labels }) {
  const caption = make("caption");
  const ends = [makeLabel(), makeLabel()];
  const marks = labels.map(() => {
    const [label, value] = [makeLabel(), make("td", { class: "qkv-value" })];
    const [shift, dot] = [make("div", { class: "qkv-shift" }), make("div", { class: "qkv-dot" })];
    const track = make("td", { class: "qkv-axis-track" }, [make("div", { class: "qkv-middle" }), shift, dot]);
    return { label, value, shift, dot, line: make("tr", {}, [make("th", { scope: "row" }, [label]), track, value]) };
  });
  const head = make("tr", {}, [make("td"), make("th", { scope: "col", class: "qkv-ends" }, ends), make("td")]);
  const body = make("tbody", {}, marks.map(({ line }) => line));
  const root = make("table", { class: "qkv-axis-marks" }, [caption, make("thead", {}, [head]), body]);
  return { root, caption, ends, marks };
}

export function update({ caption, ends, marks }, picture) {
  setText(caption, picture.title);
  ends.forEach((end, i) => setLabel(end, picture.ends[i]));
  marks.forEach(({ label, value, shift, dot }, i) => {
    const place = picture.places[i] * 50;
    setLabel(label, picture.labels[i]);
    setText(value, picture.texts[i]);
    Object.assign(shift.style, { left: `${50 + Math.min(0, place)}%`, width: `${Math.abs(place)}%` });
    dot.style.left = `${50 + place}%`;
  });
}
