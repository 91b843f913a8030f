// Arrows in the plane, as SVG, with equal scales. Where it asks, the tip of each value is moved with the pointer or the
// arrow keys.

import { LOOK } from "./look.js";
import { OWN_KEYS, make, makeSvg, onStep, setAttributes, setText } from "./dom.js";

const SIDE = LOOK.plane;
const HALF = SIDE / 2;
const THICK = { value: 2, step: 2.5, after: 4 }; // px, of arrows
const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };

export const style = `
.qkv-plane { display: block; max-width: 100%; border: 1px solid var(--qkv-line); user-select: none; }
.qkv-plane text { fill: var(--qkv-ink); font-size: 13px; }
.qkv-plane text.qkv-axis-name { font-size: 13px; }
.qkv-axis-line { stroke: var(--qkv-line); }
.qkv-hull { fill: var(--qkv-value); fill-opacity: 0.2; stroke: var(--qkv-value); stroke-dasharray: 2 3; stroke-linejoin: round; }
.qkv-value-arrow { fill: var(--qkv-value); }
.qkv-step-arrow { fill: var(--qkv-step); }
.qkv-after-arrow { fill: var(--qkv-ink); }
.qkv-before { stroke: var(--qkv-ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
.qkv-moved { stroke: var(--qkv-ink); stroke-dasharray: 1 4; }
.qkv-plane text.qkv-tip-label { text-anchor: middle; dominant-baseline: central; pointer-events: none; paint-order: stroke; stroke: var(--qkv-paper); stroke-width: 3px; }
.qkv-tip { cursor: grab; outline: none; touch-action: none; }
.qkv-tip-reach { fill: transparent; }
.qkv-tip-dot { fill: var(--qkv-paper); stroke: var(--qkv-value); stroke-width: 2; }
.qkv-tip:focus-visible .qkv-tip-dot { r: 8px; stroke: var(--qkv-ink); stroke-width: 4; }
.qkv-plane-key { display: flex; flex-flow: row wrap; gap: 2px 14px; font-size: 13px; margin-top: 4px; max-width: ${SIDE}px; }
.qkv-plane-key svg { vertical-align: middle; margin-right: 4px; }
.qkv-pictures:has(.qkv-plane) { display: grid; grid-template-columns: max-content minmax(0, 1fr); }
.qkv-picture:has(.qkv-plane) { grid-row: span 2; }
.qkv-board .qkv-picture:has(.qkv-plane) ~ .qkv-picture table.qkv-table :is(td, th) { padding: 4px 5px; }`;

export const shape = ({ labels }) => labels.length;

export function build({ labels, asks }, { ask }) {
  const edge = HALF - 4;
  const [across, upward, xTick, yTick] = [
    { x: edge, y: edge, "text-anchor": "end" },
    { x: -edge, y: 8 - edge },
    { y: edge - 14, "text-anchor": "middle" },
    { x: -edge },
  ].map((place) => makeSvg("text", { class: "qkv-axis-name", ...place }));
  const ends = [{ x1: -HALF, x2: HALF }, { y1: -HALF, y2: HALF }];
  const axes = ends.map((end) => makeSvg("line", { class: "qkv-axis-line", ...end }));
  const hull = makeSvg("polygon", { class: "qkv-hull" });
  const [moved, before] = ["qkv-moved", "qkv-before"].map((name) => makeSvg("line", { class: name }));
  const after = makeSvg("path", { class: "qkv-after-arrow", role: "img" });
  const tokens = labels.map(() => makeToken(asks));
  const all = (name) => tokens.map((token) => token[name]);
  const below = [...axes, across, upward, hull, xTick, yTick, moved, before];
  const inside = [...below, ...all("arrow"), ...all("step"), after, ...all("label"), ...all("tip")];
  const box = { viewBox: `${-HALF} ${-HALF} ${SIDE} ${SIDE}`, width: SIDE, height: SIDE };
  const svg = makeSvg("svg", { ...box, class: "qkv-plane", role: "group" }, inside);
  const caption = make("div", { class: "qkv-caption" });
  const key = ["value", "step", "before", "after"].map(makeEntry);
  const root = make("div", {}, [caption, svg, make("div", { class: "qkv-plane-key" }, key.map(({ entry }) => entry))]);
  const lines = { hull, moved, before, after };
  const parts = { root, caption, svg, across, upward, xTick, yTick, ...lines, tokens, key, dragged: false };
  if (asks) tokens.forEach(({ tip }, i) => letMove(parts, tip, i, ask));
  return parts;
}

export function update(parts, picture) {
  const { title, axes, names, values, tick, steps, output } = picture;
  parts.picture = picture;
  if (!parts.dragged) parts.radius = picture.radius; // a scale that moved under the hand would run away
  const px = ([x, y]) => [(x * HALF) / parts.radius, (-y * HALF) / parts.radius];
  const said = (texts) => `${axes[0]} ${texts[0]}, ${axes[1]} ${texts[1]}`;
  setText(parts.caption, title);
  setAttributes(parts.svg, { "aria-label": title });
  setText(parts.across, `${axes[0]} →`);
  setText(parts.upward, `↑ ${axes[1]}`);
  for (const text of [parts.xTick, parts.yTick]) setText(text, picture.tick_text);
  setAttributes(parts.xTick, { x: px([tick, 0])[0] });
  setAttributes(parts.yTick, { y: px([0, tick])[1] + 4 });
  setAttributes(parts.hull, { points: picture.hull.map((point) => px(point).join()).join(" ") });
  parts.tokens.forEach(({ arrow, step, label, tip, word }, i) => {
    const [[x, y], [dx, dy]] = [px(values[i]), picture.offsets[i]];
    const [name, place] = [`${names.value} ${picture.labels[i]}`, said(picture.texts[i])];
    setArrow(arrow, [0, 0], [x, y], THICK.value);
    setArrow(step, px(steps[i]), px(steps[i + 1]), THICK.step);
    setText(label, picture.tips[i]);
    setAttributes(label, { x: x + dx, y: y - dy });
    setText(word, picture.labels[i]);
    setAttributes(tip, { transform: `translate(${x} ${y})`, "aria-label": picture.asks ? name : `${name}: ${place}` });
    if (picture.asks) setAttributes(tip, { "aria-valuenow": values[i][0], "aria-valuetext": place });
  });
  setLine(parts.before, [0, 0], px(values[picture.before]));
  setLine(parts.moved, px(values[picture.before]), px(output));
  setArrow(parts.after, [0, 0], px(output), THICK.after);
  setAttributes(parts.after, { "aria-label": `${names.after}: ${said(picture.output_text)}` });
  for (const { name, text } of parts.key) setText(text, names[name]);
}

function makeToken(asks) {
  const [arrow, step] = ["value", "step"].map((name) => makeSvg("path", { class: `qkv-${name}-arrow` }));
  const word = makeSvg("title");
  const handle = asks ? [makeSvg("circle", { r: 5, class: "qkv-tip-dot" })] : [];
  const role = asks ? { class: "qkv-tip", role: "slider", tabindex: 0, ...OWN_KEYS } : { role: "img" };
  const tip = makeSvg("g", role, [makeSvg("circle", { r: 12, class: "qkv-tip-reach" }), ...handle, word]);
  return { arrow, step, label: makeSvg("text", { class: "qkv-tip-label" }), tip, word };
}

function makeEntry(name) {
  const arrow = name in THICK;
  const sample = arrow ? makeSvg("path", { class: `qkv-${name}-arrow` }) : makeSvg("line", { class: `qkv-${name}` });
  (arrow ? setArrow : setLine)(sample, [1, 5], [21, 5], THICK[name]);
  const text = make("span");
  const line = makeSvg("svg", { width: 22, height: 10, "aria-hidden": "true" }, [sample]);
  return { name, text, entry: make("span", {}, [line, text]) };
}

const setLine = (line, [x1, y1], [x2, y2]) => setAttributes(line, { x1, y1, x2, y2 });

// One so short that its head would point nowhere is left out.
function setArrow(arrow, [x1, y1], [x2, y2], thick) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [half, barb, neck] = [thick / 2, thick / 2 + 3, Math.max(0, length - thick - 6)];
  const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  setAttributes(arrow, {
    transform: `translate(${x1} ${y1}) rotate(${turn})`,
    d: length < 0.5 ? "" : `M0 ${-half}H${neck}V${-barb}L${length} 0L${neck} ${barb}V${half}H0Z`,
  });
}

function letMove(parts, tip, i, ask) {
  onStep(tip, STEPS, (way, { shiftKey }) => {
    const { values, radius } = parts.picture;
    const step = (shiftKey ? 0.25 : 0.05) * Math.max(1, Math.round(radius / 2));
    ask({ tip: [i, ...values[i].map((coordinate, axis) => coordinate + way[axis] * step)] });
  });
  tip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    tip.focus();
    tip.setPointerCapture(event.pointerId);
    parts.dragged = true;
  });
  tip.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!parts.dragged) return;
    const { left, top, width, height } = parts.svg.getBoundingClientRect();
    const unit = (2 * parts.radius) / width;
    ask({ tip: [i, (clientX - left - width / 2) * unit, (top + height / 2 - clientY) * unit] });
  });
  tip.addEventListener("lostpointercapture", () => {
    parts.dragged = false;
    update(parts, parts.picture); // on the scale that fits now
  });
}
