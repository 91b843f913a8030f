// A field of small pictures, as a table: a screen reader hears each in a word. Where it asks, a click or the arrow keys
// choose another one.

import { LOOK } from "./look.js";
import { clamp, letChoose, make, makeLabel, setAttributes, setTabStop, setText } from "./dom.js";

const STEPS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity],
};
const SIDE = 18; // px

export const style = `
.qkv-board table.qkv-field :is(th, td) { font-size: 13px; font-weight: normal; padding: 1px; line-height: 1; }
.qkv-board table.qkv-field tbody th { text-align: right; padding-right: 4px; }
.qkv-board table.qkv-field th.qkv-corner { text-align: right; line-height: 1.2; padding-right: 4px; white-space: nowrap; }
.qkv-board table.qkv-field[role="grid"] td { cursor: pointer; }
.qkv-board table.qkv-field img { display: block; width: ${SIDE}px; height: ${SIDE}px; max-width: none; image-rendering: pixelated; outline: 1px solid var(--qkv-line); }
.qkv-board table.qkv-field td.qkv-chosen { outline: 3px solid var(--qkv-ink); position: relative; z-index: 1; }
.qkv-board table.qkv-field td.qkv-chosen img { outline: 2px solid var(--qkv-paper); }
.qkv-board table.qkv-field td:focus-visible { outline: 5px solid var(--qkv-ink); position: relative; z-index: 1; }`;

export const shape = ({ rows, columns }) => [rows, columns];

export function build({ rows, columns, asks }, { ask }) {
  const n = columns.length;
  const caption = make("caption");
  const axes = [make("div"), make("div")]; // of the columns, of the rows
  const [rowHeads, columnHeads] = [rows.map(headOf("row")), columns.map(headOf("col"))];
  const images = rows.flatMap(() => columns.map(() => make("img", { alt: "" })));
  const cells = images.map((image) => make("td", { class: "qkv-field-cell", role: asks ? "gridcell" : "cell" }, [image]));
  const top = make("tr", {}, [make("th", { class: "qkv-corner" }, axes), ...columnHeads]);
  const lines = rowHeads.map((head, i) => make("tr", {}, [head, ...cells.slice(i * n, (i + 1) * n)]));
  const sections = [caption, make("thead", {}, [top]), make("tbody", {}, lines)];
  const table = make("table", { class: "qkv-field", role: asks ? "grid" : "table" }, sections);
  const at = (cell) => ({ row: Math.floor(cell / n), column: cell % n });
  const lead = (cell, [down, right]) => {
    const { row, column } = at(cell);
    return clamp(row + down, rows.length - 1) * n + clamp(column + right, n - 1);
  };
  if (asks) letChoose(table, cells, STEPS, lead, (cell) => ask(at(cell)));
  return { root: make("div", { class: "qkv-scroll" }, [table]), caption, axes, images, cells };
}

export function update({ caption, axes, images, cells }, picture) {
  const { columns, texts, colours, asks } = picture;
  const chosen = picture.chosen[0] * columns.length + picture.chosen[1];
  const drawing = drawingOf(Math.round(Math.sqrt(colours.byteLength / cells.length)));
  setText(caption, picture.title);
  picture.axes.forEach((text, i) => setText(axes[i], text));
  cells.forEach((cell, i) => {
    setAttributes(images[i], { src: drawing(colours, i) });
    setAttributes(cell, { "aria-label": texts[i], title: texts[i] });
    cell.classList.toggle("qkv-chosen", i === chosen);
    if (asks) setAttributes(cell, { "aria-selected": i === chosen });
    else setAttributes(cell, { "aria-current": i === chosen || null });
  });
  if (asks) setTabStop(cells, chosen);
}

const headOf = (scope) => (text) => make("th", { scope }, [makeLabel(text)]);

// Gives the function that draws the i-th of matrices of n x n colours, a pixel for each number.
function drawingOf(n) {
  const canvas = make("canvas", { width: n, height: n });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const pixels = pen.createImageData(n, n);
  const channels = LOOK.palettes.weights.map(([colour]) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  return (colours, i) => {
    for (let at = 0; at < n * n; at++) pixels.data.set([...channels[colours.getUint8(i * n * n + at)], 0xff], 4 * at);
    pen.putImageData(pixels, 0, 0);
    return canvas.toDataURL();
  };
}
