// Lines over x, as SVG; the numbers of the x that is looked at stand beside. Where it asks, the pointer or the arrow keys
// choose another x.

import { LOOK } from "./look.js";
import { clamp, make, makeLabel, makeSvg, onStep, setAttributes, setRows, setText } from "./dom.js";

const LEFT = 64; // px, for the numbers of y
const MARKS = {
  circle: "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0",
  square: "M-4-4H4V4H-4Z",
  diamond: "M0-5L5 0L0 5L-5 0Z",
  up: "M0-5L5 4H-5Z",
  down: "M0 5L5-4H-5Z",
};
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };

export const style = `
.qkv-curves-whole { container-type: inline-size; }
.qkv-curves-parts { display: flex; align-items: flex-start; }
.qkv-curves-parts > .qkv-curves-names { flex: 1 0 215px; }
.qkv-picture:has(.qkv-curves) { width: 100%; }
.qkv-curves { display: block; flex: 0 1 auto; min-width: 0; height: auto; outline: none; }
.qkv-curves[role="slider"] { touch-action: pan-y; user-select: none; cursor: crosshair; }
.qkv-curves:focus-visible .qkv-frame { stroke: var(--qkv-ink); stroke-width: 3; }
.qkv-curves text { fill: var(--qkv-ink); font-size: 16px; } /* drawn smaller where there is less room */
.qkv-axis-title { font-size: 13px; }
.qkv-frame { fill: none; stroke: var(--qkv-ink); }
.qkv-grid-line { stroke: var(--qkv-faint); }
.qkv-cursor { stroke: var(--qkv-ink); stroke-width: 1.5; stroke-dasharray: 2 3; }
.qkv-curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.qkv-curve-mark { stroke-width: 1.5; }
.qkv-curve-key { flex: none; align-self: center; }
.qkv-break { stroke: var(--qkv-ink); stroke-dasharray: 1 4; }
.qkv-curves-names { position: relative; align-self: stretch; overflow: hidden; max-width: 290px; }
.qkv-curves-names > div { position: absolute; left: 0; right: 0; display: flex; gap: 6px; white-space: nowrap; transform: translateY(-50%); font-size: 13px; line-height: 1.2; }
.qkv-board .qkv-curves-names .qkv-label { max-width: none; min-width: 0; }
.qkv-curves-names .qkv-value { min-width: 0; margin-left: auto; color: var(--qkv-ink); font-weight: 600; }
.qkv-curves-names > .qkv-curves-x { justify-content: flex-end; font-weight: 600; }
@container (max-width: 720px) { /* beside what is wide there is no room for names */
  .qkv-curves-parts:has(> .qkv-curves-wide) { flex-wrap: wrap; }
  .qkv-curves-wide + .qkv-curves-names { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 24px; flex-basis: 100%; max-width: none; }
  .qkv-curves-wide + .qkv-curves-names > div { position: static; transform: none; }
  .qkv-curves-wide + .qkv-curves-names > .qkv-curves-x { grid-column: 1 / -1; }
}`;

export const shape = ({ labels, styles, places, marked, size }) => [labels, styles, places.length, marked, size];

export function build({ labels, styles, marked, asks, size: [across, down] }, { ask }) {
  const lines = labels.map((label, i) => {
    const [, mark, dashes] = LOOK.lines[styles[i]];
    const stroke = `var(--qkv-line-${styles[i]})`;
    const line = { class: "qkv-curve", style: `stroke: ${stroke}`, "stroke-dasharray": dashes || "none" };
    const path = makeSvg("path", line);
    const fill = mark.startsWith("hollow") ? "var(--qkv-paper)" : stroke;
    const form = { class: "qkv-curve-mark", style: `stroke: ${stroke}; fill: ${fill}`, d: MARKS[mark.replace("hollow ", "")] };
    const marks = mark ? marked[i].map((at) => ({ at, mark: makeSvg("path", form) })) : [];
    const sample = [makeSvg("path", { ...line, d: "M-12 0H12" }), ...(mark ? [makeSvg("path", form)] : [])];
    const key = makeSvg("svg", { class: "qkv-curve-key", viewBox: "-12 -7 24 14", width: 24, height: 14 }, sample);
    const number = make("span", { class: "qkv-value" });
    const name = make("div", { style: `color: ${stroke}` }, [key, makeLabel(label), number]);
    return { path, marks, number, name };
  });
  const [caption, upward] = ["qkv-caption", "qkv-axis-title"].map((name) => make("div", { class: name }));
  const along = makeSvg("text", { class: "qkv-axis-title", x: across / 2, y: down + 38, "text-anchor": "middle" });
  const grids = [makeSvg("g"), makeSvg("g")];
  const frame = makeSvg("rect", { class: "qkv-frame", width: across, height: down });
  const cursor = makeSvg("line", { class: "qkv-cursor", y1: 0, y2: down });
  const breaks = makeSvg("path", { class: "qkv-break" });
  const drawn = lines.flatMap(({ path, marks }) => [path, ...marks.map(({ mark }) => mark)]);
  const inside = [...grids, frame, breaks, cursor, ...drawn, along];
  const [width, height] = [LEFT + across + 12, down + 52];
  const svg = makeSvg("svg", { viewBox: `${-LEFT} -4 ${width} ${height}`, width, height, class: "qkv-curves" }, inside);
  svg.classList.toggle("qkv-curves-wide", across > LOOK.curves[0]);
  const x = make("div", { class: "qkv-curves-x" });
  const names = make("div", { class: "qkv-curves-names", "aria-hidden": "true" }, [x, ...lines.map(({ name }) => name)]);
  const place = (y) => `${((y + 4) / height) * 100}%`;
  x.style.top = place(2);
  const table = ["caption", "thead", "tbody"].map((tag) => make(tag)); // for a screen reader
  const root = make("div", { class: "qkv-curves-whole" }, [
    caption,
    upward,
    make("div", { class: "qkv-curves-parts" }, [svg, names]),
    make("div", { class: "qkv-unseen" }, [make("table", {}, table)]),
  ]);
  const parts = { root, caption, svg, grids, cursor, breaks, along, upward, lines, x, table, place };
  if (asks) letMove(parts, ask);
  return parts;
}

export function update(parts, picture) {
  const { title, axes, places, at, size } = picture;
  parts.picture = picture;
  setText(parts.caption, title);
  setText(parts.along, axes[0]);
  setText(parts.upward, `↑ ${axes[1]}`);
  setText(parts.x, `${axes[0]} ${picture.x_text}`);
  parts.grids[0].replaceChildren(...picture.ticks[0].flatMap(makeUpright(size[1])));
  parts.grids[1].replaceChildren(...picture.ticks[1].flatMap(makeLevel(size[0])));
  parts.lines.forEach(({ path, marks, number, name }, i) => {
    const heights = picture.heights[i];
    setAttributes(path, { d: pathOf(places, heights) });
    for (const { at, mark } of marks) setAttributes(mark, { transform: `translate(${places[at]} ${heights[at] ?? -99})` });
    name.style.top = parts.place(picture.names[i]);
    name.style.order = Math.round(picture.names[i]);
    setText(number, picture.texts[i]);
  });
  setAttributes(parts.breaks, { d: picture.breaks.map((y) => `M0 ${y}H${size[0]}`).join("") });
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

const makeUpright = (height) => ([x, text]) => [
  makeSvg("line", { class: "qkv-grid-line", x1: x, x2: x, y2: height }),
  makeSvg("text", { x, y: height + 18, "text-anchor": "middle" }, [text]),
];

const makeLevel = (width) => ([y, text]) => [
  makeSvg("line", { class: "qkv-grid-line", x2: width, y1: y, y2: y }),
  makeSvg("text", { x: -6, y: y + 4, "text-anchor": "end" }, [text]),
];

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
