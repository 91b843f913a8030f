// One line of arithmetic, large.

import { make, setText } from "./dom.js";

const TAGS = { power: "sup", result: "strong" };

export const style = `
.qkv-picture:has(.qkv-arithmetic) { flex: 1 1 100%; grid-column: 1 / -1; contain: inline-size; min-width: 15em; }
.qkv-panel-scores .qkv-picture:has(.qkv-arithmetic) { flex-basis: 0; align-self: center; }
.qkv-arithmetic { margin: 0; min-height: 2.9em; box-sizing: content-box; padding: 2px 12px; border-left: 4px solid var(--qkv-line); font-size: 16px; line-height: 1.45; font-variant-numeric: tabular-nums; }
.qkv-arithmetic sup { font-size: 0.75em; line-height: 0; }
.qkv-arithmetic :is(.qkv-query, .qkv-key, .qkv-value) { font-weight: 700; }
.qkv-arithmetic .qkv-query { color: var(--qkv-query); }
.qkv-arithmetic .qkv-key { color: var(--qkv-key); }
.qkv-arithmetic .qkv-value { color: var(--qkv-value); }`;

export const shape = ({ parts }) => parts.map(([, role]) => role);

export function build({ parts }) {
  const pieces = parts.map(([, role]) => make(TAGS[role] ?? "span", role && !TAGS[role] ? { class: `qkv-${role}` } : {}));
  return { root: make("p", { class: "qkv-arithmetic" }, pieces), pieces };
}

export function update({ pieces }, { parts }) {
  pieces.forEach((piece, i) => setText(piece, parts[i][0]));
}
