// Lines over x, as SVG; the numbers of the x that is looked at stand beside. Where it asks, the pointer or the arrow keys
// choose another x.

import { LOOK } from "./look.js";
import { OWN_KEYS, clamp, make, makeLabel, makeSvg, onStep, setAttributes, setRows, setText } from "./dom.js";

const [WIDTH, HEIGHT] = LOOK.curves;
const MARKS = ["M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0", "M-4-4H4V4H-4Z", "M0-5L5 0L0 5L-5 0Z", "M0-5L5 4H-5Z", "M0 5L5-4H-5Z"];
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };

export const style = `
.qkv-curves-parts { display: flex; align-items: flex-start; gap: 4px 12px; }
.qkv-curves-parts > div { flex: 1 1 0; min-width: 0; }
.qkv-curves { display: block; max-width: 100%; height: auto; outline: none; }
.qkv-curves[role="slider"] { touch-action: none; user-select: none; cursor: crosshair; }
.qkv-curves:focus-visible .qkv-frame { stroke: var(--qkv-ink); stroke-width: 3; }
.qkv-curves text { fill: var(--qkv-ink); font-size: 13px; }
.qkv-axis-title { font-size: 13px; }
.qkv-frame { fill: none; stroke: var(--qkv-ink); }
.qkv-grid-line { stroke: var(--qkv-faint); }
.qkv-cursor { stroke: var(--qkv-ink); stroke-width: 1.5; stroke-dasharray: 2 3; }
.qkv-curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.qkv-board table.qkv-curves-key { margin-top: 18px; flex: 0 1 212px; width: 212px; }
.qkv-board table.qkv-curves-key :is(th, td) { font-weight: normal; text-align: left; }
.qkv-board table.qkv-curves-key thead th { font-weight: 600; }
.qkv-board table.qkv-curves-key tbody th { display: flex; align-items: center; }
.qkv-board table.qkv-curves-key .qkv-label { max-width: none; white-space: normal; }
.qkv-board table.qkv-curves-key td { text-align: right; white-space: nowrap; }
.qkv-curves-key svg { flex: none; margin-right: 6px; }`;

export const shape = ({ labels, colours, dashed, places }) => [labels, colours, dashed, places.length];

export function build({ labels, colours, dashed, places, asks }, { ask }) {
  const marked = places.length <= LOOK.numbers; // more points lie too close for marks
  const lines = labels.map((label, i) => {
    const stroke = { class: "qkv-curve", stroke: colours[i], "stroke-dasharray": dashed[i] ? "6 5" : "none" };
    const makeMark = () => makeSvg("path", { d: MARKS[i % MARKS.length], fill: colours[i] });
    const sample = [makeSvg("path", { ...stroke, d: "M-15 0H15" }), ...(marked ? [makeMark()] : [])];
    const box = { width: 30, height: 12, viewBox: "-15 -6 30 12", "aria-hidden": "true" };
    const head = make("th", { scope: "row" }, [makeSvg("svg", box, sample), makeLabel(label)]);
    const number = make("td", { class: "qkv-value" });
    const [path, marks] = [makeSvg("path", stroke), marked ? places.map(makeMark) : []];
    return { path, marks, number, row: make("tr", {}, [head, number]) };
  });
  const [caption, upward] = ["qkv-caption", "qkv-axis-title"].map((name) => make("div", { class: name }));
  const across = makeSvg("text", { class: "qkv-axis-title", x: WIDTH / 2, y: HEIGHT + 38, "text-anchor": "middle" });
  const grids = [makeSvg("g"), makeSvg("g")];
  const frame = makeSvg("rect", { class: "qkv-frame", width: WIDTH, height: HEIGHT });
  const cursor = makeSvg("line", { class: "qkv-cursor", y1: 0, y2: HEIGHT });
  const inside = [...grids, frame, cursor, ...lines.flatMap(({ path, marks }) => [path, ...marks]), across];
  const [width, height] = [WIDTH + 70, HEIGHT + 48];
  const svg = makeSvg("svg", { viewBox: `-58 -4 ${width} ${height}`, width, height, class: "qkv-curves" }, inside);
  const x = make("th", { scope: "col", colspan: 2 });
  const key = make("table", { class: "qkv-curves-key" }, [
    make("thead", {}, [make("tr", {}, [x])]),
    make("tbody", {}, lines.map(({ row }) => row)),
  ]);
  const table = ["caption", "thead", "tbody"].map((tag) => make(tag)); // for a screen reader
  const root = make("div", {}, [
    caption,
    make("div", { class: "qkv-curves-parts" }, [make("div", {}, [upward, svg]), key]),
    make("div", { class: "qkv-unseen" }, [make("table", {}, table)]),
  ]);
  const parts = { root, caption, svg, grids, cursor, across, upward, lines, x, table };
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
  parts.lines.forEach(({ path, marks, number }, i) => {
    const heights = picture.heights[i];
    setAttributes(path, { d: pathOf(places, heights) });
    marks.forEach((mark, j) => setAttributes(mark, { transform: `translate(${places[j]} ${heights[j] ?? 0})` }));
    marks.forEach((mark, j) => setAttributes(mark, { display: heights[j] === null ? "none" : null }));
    setText(number, picture.texts[i]);
  });
  setAttributes(parts.cursor, { transform: `translate(${places[at]} 0)` });
  setAttributes(parts.svg, { role: "img", "aria-label": title, ...(picture.asks && sliderOf(picture)) });
  const [caption, head, body] = parts.table;
  setText(caption, title);
  setRows(head, [[axes[0], ...picture.labels]], () => make("th", { scope: "col" }));
  setRows(body, picture.rows, (column) => (column ? make("td") : make("th", { scope: "row" })));
}

function sliderOf({ title, axes, places, at, x_text }) {
  const said = { "aria-label": `${title}, ${axes[0]}`, "aria-valuenow": at, "aria-valuetext": x_text };
  return { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": places.length - 1, ...said, ...OWN_KEYS };
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
