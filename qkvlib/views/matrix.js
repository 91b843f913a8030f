// A heatmap as a table: a screen reader knows it. Where it asks, each cell is reached with Tab and the arrow keys. So it is
// where it is flat, a few vectors below each other: there the whole column of that cell is told.

import { LOOK } from "./look.js";
import { clamp, letChoose, make, makeLabel, setAttributes, setTabStop, setText } from "./dom.js";

const STEPS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity],
};

export const style = `
.qkv-board table.qkv-matrix .qkv-cell {
  min-width: var(--cell); width: var(--cell); height: var(--high); box-sizing: border-box; padding: 0; font-size: 13px; white-space: nowrap;
  font-variant-numeric: tabular-nums; border: 1px solid var(--qkv-paper); outline-offset: -1px;
}
.qkv-board table.qkv-matrix[role="grid"] .qkv-cell { cursor: pointer; }
.qkv-board table.qkv-matrix :is(.qkv-source, .qkv-chosen, :focus-visible).qkv-cell { position: relative; z-index: 1; } /* its frame lies over the others */
.qkv-board table.qkv-matrix .qkv-source { outline: 2px dotted var(--qkv-ink); }
.qkv-board table.qkv-matrix .qkv-cell.qkv-chosen { outline: 3px solid var(--qkv-ink); }
.qkv-board table.qkv-matrix .qkv-cell:focus-visible { outline: 5px solid var(--qkv-ink); }
.qkv-board table.qkv-matrix .qkv-masked { background-image: repeating-linear-gradient(45deg, transparent 0 5px, #7d7d7d33 5px 6px); }
.qkv-board table.qkv-matrix th { font-weight: normal; padding-inline: 3px; }
.qkv-board table.qkv-matrix th.qkv-chosen { text-shadow: 0.5px 0 currentcolor, -0.5px 0 currentcolor; } /* bold, in its place */
.qkv-board table.qkv-matrix th.qkv-corner { font-size: 13px; line-height: 1.25; text-align: right; word-break: keep-all; }
.qkv-board table.qkv-matrix th.qkv-corner div { max-width: 7em; margin-left: auto; }
.qkv-board table.qkv-roles .qkv-corner div:last-child, .qkv-board table.qkv-matrix th.qkv-query { color: var(--qkv-query); }
.qkv-board table.qkv-matrix th.qkv-key { color: var(--qkv-key); }
.qkv-board table.qkv-matrix th.qkv-value { color: var(--qkv-value); }
.qkv-board table.qkv-roles :is(thead th, .qkv-corner div:first-child) { color: var(--qkv-key); }
.qkv-board table.qkv-roles thead th.qkv-sum { color: inherit; }
.qkv-board table.qkv-matrix .qkv-label { display: block; }
.qkv-board table.qkv-matrix thead .qkv-label { max-width: max(var(--cell), 3.5em); margin: 0 auto; }
.qkv-board table.qkv-matrix tbody th { text-align: right; }
.qkv-pictures:not(:has(.qkv-large)) table.qkv-matrix.qkv-few thead .qkv-label { max-width: 6.5em; }
.qkv-board table.qkv-matrix tbody .qkv-label { margin-left: auto; }
.qkv-board table.qkv-upright thead th { vertical-align: bottom; }
.qkv-board table.qkv-upright thead .qkv-label { writing-mode: vertical-rl; max-width: none; max-height: 9em; line-height: 1.2; }
.qkv-board table.qkv-matrix .qkv-sum { padding-inline: 5px 0; font-variant-numeric: tabular-nums; }
.qkv-board table.qkv-small :is(td, th) { font-size: 13px; }
.qkv-board table.qkv-matrix:not(.qkv-small, .qkv-tiny) .qkv-cell { padding-inline: 2px; }
.qkv-board table.qkv-tiny .qkv-cell { border-width: 0; }
.qkv-board table.qkv-tiny thead th { padding: 0 0 2px; }
.qkv-flat { display: flex; flex-wrap: wrap; column-gap: 16px; }
.qkv-flat .qkv-scroll { flex: 1 0 100%; }
.qkv-board .qkv-flat table { width: 100%; table-layout: fixed; }
.qkv-board .qkv-flat table.qkv-matrix .qkv-cell { width: auto; border-bottom-width: 1px; }
.qkv-board .qkv-flat table.qkv-matrix :is(.qkv-source, .qkv-chosen).qkv-cell { box-shadow: inset 0 0 0 2px var(--qkv-paper); }
.qkv-board .qkv-flat table.qkv-matrix .qkv-corner { width: 7.5em; }
.qkv-board .qkv-flat table.qkv-matrix .qkv-sum { width: 3.5em; }
.qkv-board .qkv-flat table.qkv-matrix thead .qkv-label { position: absolute; width: 1px; height: 1px; clip-path: inset(50%); }
.qkv-legend { display: flex; align-items: center; gap: 6px; font-size: 13px; margin-top: 4px; }
.qkv-strip { width: 120px; height: 10px; border: 1px solid var(--qkv-line); }
.qkv-readout { font-variant-numeric: tabular-nums; margin-top: 2px; }
.qkv-compact caption { white-space: nowrap; }
.qkv-numbered :is(.qkv-legend, .qkv-readout) { display: none; }
.qkv-board .qkv-compact table.qkv-matrix :is(td, th) { padding-inline: 2px; }
.qkv-pictures:has(.qkv-compact) { column-gap: 7px; }`;

export const shape = ({ rows, columns, palette, sums, small, roles, row_roles }) =>
  [rows, columns, palette, sums === null, small, roles, row_roles];
const isFlat = ({ rows, columns }) => rows.length <= LOOK.many && columns.length > LOOK.numbers;

export function build(picture, { ask }) {
  const { rows, columns, asks } = picture;
  const [n, size, flat] = [columns.length, Math.max(rows.length, columns.length), isFlat(picture)];
  const caption = make("caption");
  const axes = [make("div"), make("div")]; // of the columns, of the rows
  const [rowHeads, columnHeads] = [rows.map(headOf("row")), columns.map(headOf("col"))];
  rowHeads.forEach((head, i) => picture.row_roles[i] && head.classList.add(`qkv-${picture.row_roles[i]}`));
  const cell = { class: "qkv-cell", role: asks ? "gridcell" : "cell" };
  const cells = picture.texts.map(() => make("td", cell));
  const sums = (picture.sums ?? []).map(() => make("td", { class: "qkv-sum" }));
  const top = make("tr", {}, [make("th", { class: "qkv-corner" }, axes), ...columnHeads]);
  if (picture.sums) top.append(make("th", { scope: "col", class: "qkv-sum" }, ["Σ"]));
  const lines = rowHeads.map((head, i) =>
    make("tr", {}, [head, ...cells.slice(i * n, (i + 1) * n), ...sums.slice(i, i + 1)]),
  );
  const sections = [caption, make("thead", {}, [top]), make("tbody", {}, lines)];
  const table = make("table", { class: "qkv-matrix", role: asks ? "grid" : "table" }, sections);
  const [across, down] = flat ? [5, 20] : picture.small && size <= LOOK.numbers ? [33, 24] : cellSize(size);
  table.style.setProperty("--cell", `${across}px`);
  table.style.setProperty("--high", `${down}px`);
  table.classList.toggle("qkv-small", (picture.small || size > 8) && size <= LOOK.numbers);
  table.classList.toggle("qkv-tiny", size > LOOK.numbers);
  table.classList.toggle("qkv-roles", picture.roles);
  table.classList.toggle("qkv-few", n < 3); // with room for longer heads
  table.classList.toggle("qkv-upright", !flat && ((n > 4 && !picture.small) || n > 8 || columns.some((label) => label.length > (n > 2 ? 7 : 11))));
  const limits = [make("span"), make("span")];
  const scale = [limits[0], makeStrip(picture.palette), limits[1]];
  const readout = make("div", { class: "qkv-readout" });
  const root = make("div", {}, [
    make("div", { class: "qkv-scroll" }, [table]),
    make("div", { class: "qkv-legend", "aria-hidden": "true" }, scale),
    readout,
  ]);
  root.classList.toggle("qkv-large", size > LOOK.many && !flat);
  root.classList.toggle("qkv-flat", flat);
  root.classList.toggle("qkv-numbered", size <= LOOK.numbers);
  root.classList.toggle("qkv-compact", picture.small && size <= LOOK.numbers);
  const parts = { root, caption, axes, rowHeads, columnHeads, cells, sums, limits, readout, colours: [], hovered: -1, stop: -1 };
  table.addEventListener("pointerover", ({ target }) => hover(parts, cells.indexOf(target.closest(".qkv-cell"))));
  table.addEventListener("pointerleave", () => hover(parts, -1));
  const at = (cell) => ({ row: Math.floor(cell / n), column: cell % n });
  const lead = (cell, [down, right]) => {
    const { row, column } = at(cell);
    return clamp(row + down, rows.length - 1) * n + clamp(column + right, n - 1);
  };
  if (asks) letChoose(table, cells, STEPS, lead, (cell) => ask(at(cell)));
  else if (flat) {
    letChoose(table, cells, STEPS, lead, (cell) => stop(parts, cell));
    table.addEventListener("focusout", ({ relatedTarget }) => table.contains(relatedTarget) || rest(parts));
  }
  return parts;
}

export function update(parts, picture) {
  const { rows, columns, texts, colours, sources, asks } = picture;
  const [row, column] = picture.chosen ?? [-1, -1];
  const chosen = row * columns.length + column;
  const put = Math.max(rows.length, columns.length) > LOOK.numbers ? setName : setText;
  const palette = LOOK.palettes[picture.palette];
  setText(parts.caption, picture.title);
  [picture.key_axis, picture.query_axis].forEach((text, i) => setText(parts.axes[i], text));
  picture.limits.forEach((text, i) => setText(parts.limits[i], text));
  picture.sums?.forEach((text, i) => setText(parts.sums[i], text));
  parts.rowHeads.forEach((head, i) => head.classList.toggle("qkv-chosen", i === row));
  parts.columnHeads.forEach((head, i) => head.classList.toggle("qkv-chosen", i === column));
  parts.cells.forEach((cell, i) => {
    put(cell, texts[i]);
    paint(parts, i, colours.getUint8(i), palette); // a DataView: one index into the palette for each cell
    cell.classList.toggle("qkv-source", sources.includes(i));
    cell.classList.toggle("qkv-chosen", i === chosen);
    if (asks) setAttributes(cell, { "aria-selected": i === chosen });
    else setAttributes(cell, { "aria-current": i === chosen || null });
  });
  parts.picture = picture;
  rest(parts);
}

const headOf = (scope) => (text) => make("th", { scope }, [makeLabel(text)]);

function cellSize(n) {
  if (n <= 5) return n < 5 ? [46, 42] : [36, 34];
  return n <= LOOK.numbers ? [n < 9 ? 34 : 36, 28] : [15, 15];
}

function makeStrip(palette) {
  const colours = LOOK.palettes[palette].slice(0, LOOK.masked).map(([background]) => background);
  const stops = colours.filter((_, i) => i % 16 === 0 || i === colours.length - 1);
  const gradient = `linear-gradient(to right, ${stops.join(", ")})`;
  return make("span", { class: "qkv-strip", style: `background-image: ${gradient}` });
}

const setName = (cell, text) => setAttributes(cell, { "aria-label": text });

function paint({ cells, colours }, i, colour, palette) {
  if (colours[i] === colour) return;
  colours[i] = colour;
  [cells[i].style.backgroundColor, cells[i].style.color] = palette[colour];
  cells[i].classList.toggle("qkv-masked", colour === LOOK.masked);
}

function hover(parts, cell) {
  parts.hovered = cell;
  readOut(parts);
}

// The chosen cell is the one that Tab leads to.
function rest(parts) {
  const { asks, chosen, columns } = parts.picture;
  const cell = chosen ? chosen[0] * columns.length + chosen[1] : -1;
  if (asks || isFlat(parts.picture)) setTabStop(parts.cells, Math.max(cell, 0));
  stop(parts, cell);
}

// A cell is chosen, or of a flat matrix one that keys or a click have led to.
function stop(parts, cell) {
  const { picture, cells } = parts;
  if (isFlat(picture)) cells.forEach((other, i) => setName(other, i === cell ? told(picture, i) : picture.texts[i]));
  parts.stop = cell;
  readOut(parts);
}

// The number of the cell under the pointer, else of the chosen one, with where it stands.
function readOut({ picture, hovered, stop, readout }) {
  const cell = hovered < 0 ? stop : hovered;
  setText(readout, cell < 0 ? "" : told(picture, cell));
}

function told(picture, cell) {
  const { rows, columns, texts } = picture;
  const [row, column] = [Math.floor(cell / columns.length), cell % columns.length];
  if (!isFlat(picture)) return `${rows[row]} → ${columns[column]}: ${texts[cell]}`;
  return `${columns[column]}: ${rows.map((name, i) => `${name} ${texts[i * columns.length + column]}`).join(", ")}`;
}
