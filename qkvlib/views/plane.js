// Values as arrows in the plane, as SVG, with equal scales. Where it asks, the tip of each value is moved with the pointer
// or the arrow keys.

import { make, makeSvg, setAttributes, setText } from "./dom.js";
import { coordinates, letMoveTip, makePlane, makeTip, placeTip, setArrow, setLine, updatePlane } from "./coordinates.js";

const THICK = { value: 2, step: 2.5, after: 4 }; // px, of arrows

export const style = `
.qkv-hull { fill: var(--qkv-value); fill-opacity: 0.2; stroke: var(--qkv-value); stroke-dasharray: 2 3; stroke-linejoin: round; }
.qkv-value-arrow { fill: var(--qkv-value); }
.qkv-step-arrow { fill: var(--qkv-step); }
.qkv-after-arrow { fill: var(--qkv-ink); }
.qkv-moved { stroke: var(--qkv-ink); stroke-width: 1.5; stroke-dasharray: 5 4; }`;

export const shape = ({ labels }) => labels.length;

export function build({ labels, asks }, { ask }) {
  const parts = makePlane();
  const hull = makeSvg("polygon", { class: "qkv-hull" });
  const moved = makeSvg("line", { class: "qkv-moved" });
  const after = makeSvg("path", { class: "qkv-after-arrow", role: "img" });
  const tokens = labels.map(() => makeToken(asks));
  const all = (name) => tokens.map((token) => token[name]);
  parts.svg.append(hull, ...all("arrow"), ...all("step"), moved, after, ...all("label"), ...all("tip"));
  const entries = ["value", "step", "moved", "after"].map(makeEntry);
  parts.key.append(...entries.map(({ entry }) => entry));
  Object.assign(parts, { hull, moved, after, tokens, entries });
  const settle = () => update(parts, parts.picture);
  const letMove = ({ tip }, i) =>
    letMoveTip(parts, tip, () => parts.picture.values[i], (place) => ask({ tip: [i, ...place] }), settle);
  if (asks) tokens.forEach(letMove);
  return parts;
}

export function update(parts, picture) {
  const { names, values, steps, output } = picture;
  const px = updatePlane(parts, picture);
  setAttributes(parts.hull, { points: picture.hull.map((point) => px(point).join()).join(" ") });
  parts.tokens.forEach(({ arrow, step, label, tip, word }, i) => {
    const [[x, y], [dx, dy]] = [px(values[i]), picture.offsets[i]];
    setArrow(arrow, [0, 0], [x, y], THICK.value);
    setArrow(step, px(steps[i]), px(steps[i + 1]), THICK.step);
    setText(label, picture.tips[i]);
    setAttributes(label, { x: x + dx, y: y - dy });
    setText(word, picture.labels[i]);
    placeTip(tip, [x, y], parts, `${names.value} ${picture.labels[i]}`, values[i], picture.texts[i]);
  });
  setLine(parts.moved, px(values[picture.before]), px(output));
  setArrow(parts.after, [0, 0], px(output), THICK.after);
  setAttributes(parts.after, { "aria-label": `${names.after}: ${coordinates(picture, picture.output_text)}` });
  for (const { name, text } of parts.entries) setText(text, names[name]);
}

function makeToken(asks) {
  const [arrow, step] = ["value", "step"].map((name) => makeSvg("path", { class: `qkv-${name}-arrow` }));
  const word = makeSvg("title");
  return { arrow, step, label: makeSvg("text", { class: "qkv-tip-label" }), tip: makeTip("value", asks, [word]), word };
}

function makeEntry(name) {
  const arrow = name in THICK;
  const sample = arrow ? makeSvg("path", { class: `qkv-${name}-arrow` }) : makeSvg("line", { class: `qkv-${name}` });
  (arrow ? setArrow : setLine)(sample, [1, 5], [21, 5], THICK[name]);
  const text = make("span");
  const line = makeSvg("svg", { width: 22, height: 10, "aria-hidden": "true" }, [sample]);
  return { name, text, entry: make("span", {}, [line, text]) };
}
