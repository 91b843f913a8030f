// Lines over x, as SVG; the numbers of the x that is looked at stand beside. Where it asks, the pointer or the arrow keys
// choose another x.

import { LOOK } from "./look.js";
import { clamp, make, makeLabel, makeSvg, onStep, setAttributes, setRows, setText } from "./dom.js";

const [WIDTH, HEIGHT] = LOOK.curves;
const END = 26; // px, from the frame to the names
const MARKS = {
  circle: "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0",
  square: "M-4-4H4V4H-4Z",
  diamond: "M0-5L5 0L0 5L-5 0Z",
  up: "M0-5L5 4H-5Z",
  down: "M0 5L5-4H-5Z",
};
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };

export const style = `
.qkv-curves-parts { display: flex; align-items: flex-start; }
.qkv-curves-parts > .qkv-curves-names { flex: 1 0 190px; }
.qkv-picture:has(.qkv-curves) { width: 100%; }
.qkv-curves { display: block; flex: 0 1 auto; min-width: 0; height: auto; outline: none; }
.qkv-curves[role="slider"] { touch-action: pan-y; user-select: none; cursor: crosshair; }
.qkv-curves:focus-visible .qkv-frame { stroke: var(--qkv-ink); stroke-width: 3; }
.qkv-curves text { fill: var(--qkv-ink); font-size: 14.5px; } /* drawn by a tenth smaller in presentation mode */
.qkv-axis-title { font-size: 13px; }
.qkv-frame { fill: none; stroke: var(--qkv-ink); }
.qkv-grid-line { stroke: var(--qkv-faint); }
.qkv-cursor { stroke: var(--qkv-ink); stroke-width: 1.5; stroke-dasharray: 2 3; }
.qkv-curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.qkv-curve-mark { stroke-width: 1.5; }
.qkv-curve-end { fill: none; stroke-width: 1; }
.qkv-break { stroke: var(--qkv-ink); stroke-dasharray: 1 4; }
.qkv-curves-names { position: relative; align-self: stretch; overflow: hidden; max-width: 260px; }
.qkv-curves-names > div { position: absolute; left: 0; right: 0; display: flex; justify-content: space-between; gap: 8px; white-space: nowrap; transform: translateY(-50%); font-size: 13px; line-height: 1.2; }
.qkv-board .qkv-curves-names .qkv-label { max-width: none; min-width: 0; }
.qkv-curves-names .qkv-value { min-width: 0; color: var(--qkv-ink); font-weight: 600; }
.qkv-curves-names > .qkv-curves-x { justify-content: flex-end; font-weight: 600; }`;

export const shape = ({ labels, styles, places, marked }) => [labels, styles, places.length, marked];

export function build({ labels, styles, marked, asks }, { ask }) {
  const lines = labels.map((label, i) => {
    const [, mark, dashes] = LOOK.lines[styles[i]];
    const stroke = `var(--qkv-line-${styles[i]})`;
    const path = makeSvg("path", { class: "qkv-curve", style: `stroke: ${stroke}`, "stroke-dasharray": dashes || "none" });
    const fill = mark.startsWith("hollow") ? "var(--qkv-paper)" : stroke;
    const form = { class: "qkv-curve-mark", style: `stroke: ${stroke}; fill: ${fill}`, d: MARKS[mark.replace("hollow ", "")] };
    const marks = mark ? marked[i].map((at) => ({ at, mark: makeSvg("path", form) })) : [];
    const end = makeSvg("polyline", { class: "qkv-curve-end", style: `stroke: ${stroke}` });
    const number = make("span", { class: "qkv-value" });
    const name = make("div", { style: `color: ${stroke}` }, [makeLabel(label), number]);
    return { path, marks, end, number, name };
  });
  const [caption, upward] = ["qkv-caption", "qkv-axis-title"].map((name) => make("div", { class: name }));
  const across = makeSvg("text", { class: "qkv-axis-title", x: WIDTH / 2, y: HEIGHT + 38, "text-anchor": "middle" });
  const grids = [makeSvg("g"), makeSvg("g")];
  const frame = makeSvg("rect", { class: "qkv-frame", width: WIDTH, height: HEIGHT });
  const [cursor, broken] = ["qkv-cursor", "qkv-break"].map((name) => makeSvg("line", { class: name }));
  const drawn = lines.flatMap(({ path, marks, end }) => [path, end, ...marks.map(({ mark }) => mark)]);
  const inside = [...grids, frame, broken, cursor, ...drawn, across];
  const [width, height] = [58 + WIDTH + END, HEIGHT + 52];
  const svg = makeSvg("svg", { viewBox: `-58 -4 ${width} ${height}`, width, height, class: "qkv-curves" }, inside);
  setAttributes(cursor, { y1: 0, y2: HEIGHT });
  setAttributes(broken, { x1: 0, x2: WIDTH });
  const x = make("div", { class: "qkv-curves-x" });
  const names = make("div", { class: "qkv-curves-names", "aria-hidden": "true" }, [x, ...lines.map(({ name }) => name)]);
  const place = (y) => `${((y + 4) / height) * 100}%`;
  x.style.top = place(2);
  const table = ["caption", "thead", "tbody"].map((tag) => make(tag)); // for a screen reader
  const root = make("div", {}, [
    caption,
    upward,
    make("div", { class: "qkv-curves-parts" }, [svg, names]),
    make("div", { class: "qkv-unseen" }, [make("table", {}, table)]),
  ]);
  const parts = { root, caption, svg, grids, cursor, broken, across, upward, lines, x, table, place };
  if (asks) letMove(parts, ask);
  return parts;
}

export function update(parts, picture) {
  const { title, axes, places, at } = picture;
  parts.picture = picture;
  setText(parts.caption, title);
  setText(parts.across, axes[0]);
  setText(parts.upward, `↑ ${axes[1]}`);
  setText(parts.x, `${axes[0]} ${picture.x_text}`);
  parts.grids[0].replaceChildren(...picture.ticks[0].flatMap(makeUpright));
  parts.grids[1].replaceChildren(...picture.ticks[1].flatMap(makeLevel));
  parts.lines.forEach(({ path, marks, end, number, name }, i) => {
    const heights = picture.heights[i];
    const [from, to] = picture.ends[i];
    setAttributes(path, { d: pathOf(places, heights) });
    for (const { at, mark } of marks) setAttributes(mark, { transform: `translate(${places[at]} ${heights[at] ?? -99})` });
    setAttributes(end, { points: from === null ? "" : `${WIDTH} ${from} ${WIDTH + END - 4} ${to}` });
    name.style.top = parts.place(to);
    setText(number, picture.texts[i]);
  });
  setAttributes(parts.broken, { y1: picture.broken ?? 0, y2: picture.broken ?? 0, display: picture.broken ? null : "none" });
  setAttributes(parts.cursor, { transform: `translate(${places[at]} 0)` });
  setAttributes(parts.svg, { role: "img", "aria-label": title, ...(picture.asks && sliderOf(picture)) });
  const [caption, head, body] = parts.table;
  setText(caption, title);
  setRows(head, [[axes[0], ...picture.labels]], () => make("th", { scope: "col" }));
  setRows(body, picture.rows, (column) => (column ? make("td") : make("th", { scope: "row" })));
}

function sliderOf({ title, axes, places, at, x_text, labels, texts }) {
  const values = [x_text, ...labels.map((label, i) => `${label} ${texts[i]}`)];
  const said = { "aria-label": `${title}, ${axes[0]}`, "aria-valuenow": at, "aria-valuetext": values.join(", ") };
  return { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": places.length - 1, ...said };
}

function makeUpright([x, text]) {
  const line = makeSvg("line", { class: "qkv-grid-line", x1: x, x2: x, y2: HEIGHT });
  return [line, makeSvg("text", { x, y: HEIGHT + 18, "text-anchor": "middle" }, [text])];
}

function makeLevel([y, text]) {
  const line = makeSvg("line", { class: "qkv-grid-line", x2: WIDTH, y1: y, y2: y });
  return [line, makeSvg("text", { x: -6, y: y + 4, "text-anchor": "end" }, [text])];
}

// The points joined, with a new start after each gap.
function pathOf(places, heights) {
  const start = (i) => (i > 0 && heights[i - 1] !== null ? "L" : "M");
  return heights.map((height, i) => (height === null ? "" : `${start(i)}${places[i]} ${height}`)).join("");
}

function letMove(parts, ask) {
  const { svg } = parts;
  onStep(svg, STEPS, (on) => ask({ at: clamp(parts.picture.at + on, parts.picture.places.length - 1) }));
  const chooseNearest = ({ clientX, clientY }) => {
    const { at, places } = parts.picture;
    const { x } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    const distances = places.map((place) => Math.abs(place - x));
    const nearest = distances.indexOf(Math.min(...distances));
    svg.focus();
    if (nearest !== at) ask({ at: nearest });
  };
  svg.addEventListener("pointerdown", chooseNearest);
  svg.addEventListener("pointermove", (event) => event.buttons === 1 && chooseNearest(event));
}
