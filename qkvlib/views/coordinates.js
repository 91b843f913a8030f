// A plane with two axes and arrows in it, whose tips can be moved: what the kinds `plane` and `arrows` share; coordinates.css is their style.

import { LOOK } from "./look.js";
import { make, makeSvg, onStep, setAttributes, setText } from "./dom.js";

const SIDE = LOOK.plane;
const HALF = SIDE / 2;
const WAYS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };

// An empty plane: `parts` of a picture with its root, and what `updatePlane` writes. `draw` appends what stands in it.
export function makePlane() {
  const edge = HALF - 4;
  const [across, upward, xTick, yTick] = [
    { x: edge, y: edge, "text-anchor": "end" },
    { x: -edge, y: 8 - edge },
    { y: edge - 14, "text-anchor": "middle" },
    { x: -edge },
  ].map((place) => makeSvg("text", place));
  const lines = [{ x1: -HALF, x2: HALF }, { y1: -HALF, y2: HALF }].map((ends) => makeSvg("line", { class: "qkv-axis-line", ...ends }));
  const box = { viewBox: `${-HALF} ${-HALF} ${SIDE} ${SIDE}`, width: SIDE, height: SIDE };
  const svg = makeSvg("svg", { ...box, class: "qkv-plane", role: "group" }, [...lines, across, upward, xTick, yTick]);
  const [caption, key] = ["qkv-caption", "qkv-plane-key"].map((name) => make("div", { class: name }));
  const root = make("div", {}, [caption, svg, key]);
  return { root, caption, svg, key, across, upward, xTick, yTick, dragged: false };
}

// Title, names of the axes and scale; gives the function from a point to its pixels.
export function updatePlane(parts, picture) {
  const { title, axes, tick, tick_text } = picture;
  parts.picture = picture;
  if (!parts.dragged) parts.radius = picture.radius; // a scale that moved under the hand would run away
  const { radius } = parts;
  const px = ([x, y]) => [(x * HALF) / radius, (-y * HALF) / radius];
  setText(parts.caption, title);
  setAttributes(parts.svg, { "aria-label": title });
  setText(parts.across, `${axes[0]} →`);
  setText(parts.upward, `↑ ${axes[1]}`);
  for (const text of [parts.xTick, parts.yTick]) setText(text, tick_text);
  setAttributes(parts.xTick, { x: px([tick, 0])[0] });
  setAttributes(parts.yTick, { y: px([0, tick])[1] + 4 });
  return px;
}

export const setLine = (line, [x1, y1], [x2, y2]) => setAttributes(line, { x1, y1, x2, y2 });

// One so short that its head would point nowhere is left out.
export function setArrow(arrow, [x1, y1], [x2, y2], thick) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [half, barb, neck] = [thick / 2, thick / 2 + 3, Math.max(0, length - thick - 6)];
  const [x, y] = [(x2 - x1) / length, (y2 - y1) / length];
  const at = ([along, aside]) => `${x1 + along * x - aside * y} ${y1 + along * y + aside * x}`;
  const corners = [[0, -half], [neck, -half], [neck, -barb], [length, 0], [neck, barb], [neck, half], [0, half]];
  setAttributes(arrow, { d: length < 0.5 ? "" : `M${corners.map(at).join("L")}Z` });
}

// The tip of an arrow: where it asks, a handle; else what a screen reader is told of the arrow.
export function makeTip(role, asks, children = []) {
  const handle = asks ? [makeSvg("circle", { r: 5, class: "qkv-tip-dot" })] : [];
  const kind = asks ? { class: `qkv-tip qkv-${role}-tip`, role: "slider", tabindex: 0 } : { role: "img" };
  return makeSvg("g", kind, [makeSvg("circle", { r: 12, class: "qkv-tip-reach" }), ...handle, ...children]);
}

// Where it is, as the page and as words have it.
export function placeTip(tip, [x, y], { picture }, name, value, texts) {
  const said = coordinates(picture, texts);
  setAttributes(tip, { transform: `translate(${x} ${y})`, "aria-label": picture.asks ? name : `${name}: ${said}` });
  const range = { "aria-valuemin": -picture.radius, "aria-valuemax": picture.radius };
  if (picture.asks) setAttributes(tip, { "aria-valuenow": value[0], ...range, "aria-valuetext": said });
}

export const coordinates = ({ axes }, texts) => `${axes[0]} ${texts[0]}, ${axes[1]} ${texts[1]}`;

// A tip follows the pointer or the arrow keys; `placeOf` tells where it is, `settle` is called when it was let go.
export function letMoveTip(parts, tip, placeOf, move, settle) {
  onStep(tip, WAYS, (way, { shiftKey }) => {
    const step = (shiftKey ? 0.25 : 0.05) * Math.max(1, Math.round(parts.radius / 2));
    move(placeOf().map((coordinate, axis) => coordinate + way[axis] * step));
  });
  tip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // the page would scroll
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
    move([(clientX - left - width / 2) * unit, (top + height / 2 - clientY) * unit]);
  });
  tip.addEventListener("lostpointercapture", () => {
    parts.dragged = false;
    settle(); // on the scale that fits now
  });
}
