// A small table of text.

import { LOOK } from "./look.js";
import { make, setRows, setText } from "./dom.js";

export const style = `
.qkv-board table.qkv-table { font-variant-numeric: tabular-nums; }
.qkv-picture:has(.qkv-table) { flex: 1 1 auto; }
.qkv-board table.qkv-table :is(td, th) { padding: 2px 6px; text-align: right; font-weight: normal; white-space: nowrap; }
.qkv-board table.qkv-table thead th { border-bottom: 1px solid var(--qkv-ink); text-align: center; white-space: normal; word-break: keep-all; }`;

export const shape = ({ head }) => head.length;

export function build() {
  const [caption, head, body] = ["caption", "thead", "tbody"].map((tag) => make(tag));
  const table = make("table", { class: "qkv-table" }, [caption, head, body]);
  return { root: make("div", { class: "qkv-scroll" }, [table]), caption, head, body };
}

export function update({ root, caption, head, body }, picture) {
  root.classList.toggle("qkv-large", picture.rows.length > LOOK.many);
  setText(caption, picture.title);
  setRows(head, [picture.head], () => make("th", { scope: "col" }));
  setRows(body, picture.rows, () => make("td"));
}
