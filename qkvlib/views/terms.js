// A sum written out term by term.

import { make, setRows, setText } from "./dom.js";

export const style = `
.qkv-board table.qkv-terms { font-variant-numeric: tabular-nums; }
.qkv-picture:has(.qkv-terms) { flex: 1 1 auto; }
.qkv-board table.qkv-terms :is(td, th) { padding: 2px 8px; text-align: right; font-weight: normal; white-space: nowrap; }
.qkv-board table.qkv-terms thead th { border-bottom: 1px solid var(--qkv-ink); text-align: center; white-space: normal; }
.qkv-board table.qkv-terms tfoot tr:first-child > * { border-top: 1px solid var(--qkv-ink); }
.qkv-board table.qkv-terms tfoot tr:last-child > * { font-weight: 700; }`;

export const shape = ({ head }) => head.length;

export function build() {
  const [caption, head, body, foot] = ["caption", "thead", "tbody", "tfoot"].map((tag) => make(tag));
  return { root: make("table", { class: "qkv-terms" }, [caption, head, body, foot]), caption, head, body, foot };
}

export function update({ caption, head, body, foot }, picture) {
  const label = { scope: "row", colspan: picture.head.length - 1 };
  setText(caption, picture.title);
  setRows(head, [picture.head], () => make("th", { scope: "col" }));
  setRows(body, picture.rows, () => make("td"));
  setRows(foot, picture.foot, (column) => (column ? make("td") : make("th", label)));
}
