// A query and a key as two arrows in the plane, with the angle between them, the shadow of the key on the query, and the
// side of the plane where a key would get a negative score. Where it asks, their tips are moved with the pointer or the arrow keys.

import { makeSvg, setAttributes, setText } from "./dom.js";
import { letMoveTip, makePlane, makeTip, placeTip, setArrow, setLine, updatePlane } from "./coordinates.js";

const ROLES = ["query", "key"];
const THICK = 3.5; // px

export const style = `
.qkv-query-arrow, .qkv-plane text.qkv-query-label { fill: var(--qkv-query); }
.qkv-key-arrow, .qkv-plane text.qkv-key-label { fill: var(--qkv-key); }
.qkv-plane text:is(.qkv-query-label, .qkv-key-label) { font-size: 17px; font-weight: 700; }
.qkv-query-tip .qkv-tip-dot { stroke: var(--qkv-query); }
.qkv-key-tip .qkv-tip-dot { stroke: var(--qkv-key); }
.qkv-angle { fill: none; stroke: var(--qkv-ink); stroke-width: 1.5; }
.qkv-drop { stroke: var(--qkv-key); stroke-dasharray: 3 4; }
.qkv-shadow { stroke: var(--qkv-key); stroke-width: 9; stroke-opacity: 0.4; }
.qkv-negative-side { fill: var(--qkv-ink); fill-opacity: 0.1; stroke: var(--qkv-line); }
.qkv-plane text.qkv-sign { font-size: 26px; font-weight: 700; text-anchor: middle; dominant-baseline: central; }`;

export const shape = () => 0;

export function build({ asks }, { ask }) {
  const parts = makePlane();
  const line = (name) => makeSvg("line", { class: name });
  const [shadow, drop, angle] = [line("qkv-shadow"), line("qkv-drop"), makeSvg("polyline", { class: "qkv-angle" })];
  const arrows = ROLES.map((role) => makeSvg("path", { class: `qkv-${role}-arrow` }));
  const labels = ROLES.map((role) => makeSvg("text", { class: `qkv-tip-label qkv-${role}-label` }));
  const tips = ROLES.map((role) => makeTip(role, asks));
  const negative = makeSvg("polygon", { class: "qkv-negative-side" });
  const signs = ["+", "−"].map((sign) => makeSvg("text", { class: "qkv-sign", "aria-hidden": "true" }, [sign]));
  parts.svg.prepend(negative);
  parts.svg.append(...signs, shadow, drop, angle, ...arrows, ...labels, ...tips);
  Object.assign(parts, { negative, signs, shadow, drop, angle, arrows, labels, tips });
  const settle = () => update(parts, parts.picture);
  const letMove = (tip, i) =>
    letMoveTip(parts, tip, () => parts.picture.values[i], (place) => ask({ tip: [i, ...place] }), settle);
  if (asks) tips.forEach(letMove);
  return parts;
}

export function update(parts, picture) {
  const px = updatePlane(parts, picture);
  const { values, foot, offsets, labels, texts } = picture;
  values.forEach((value, i) => {
    const [[x, y], [dx, dy]] = [px(value), offsets[i]];
    setArrow(parts.arrows[i], [0, 0], [x, y], THICK);
    setText(parts.labels[i], labels[i]);
    setAttributes(parts.labels[i], { x: x + dx, y: y - dy });
    placeTip(parts.tips[i], [x, y], parts, labels[i], value, texts[i]);
  });
  setLine(parts.shadow, [0, 0], px(foot));
  setLine(parts.drop, px(values[1]), px(foot));
  const pathOf = (points) => points.map((point) => px(point).join()).join(" ");
  setAttributes(parts.angle, { points: pathOf(picture.angle) });
  setAttributes(parts.negative, { points: pathOf(picture.negative) });
  parts.signs.forEach((sign, i) => {
    const [x, y] = px(picture.signs[i] ?? [0, 0]);
    setAttributes(sign, { x, y, display: picture.signs.length ? null : "none" });
  });
}
