// What a search compares, a line for each key: a table to a screen reader. Where it asks, a click or the arrow keys
// choose another line.

import { clamp, letChoose, make, makeLabel, makeSwatch } from "./dom.js";
import { setAttributes, setLabel, setTabStop, setText } from "./dom.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export const style = `
.qkv-board table.qkv-hits :is(th, td) { font-size: 13px; font-weight: normal; text-align: left; white-space: nowrap; padding: 2px 4px; }
.qkv-board table.qkv-hits td:nth-child(2) { padding-right: 10px; } /* its number is not that of the next bar */
.qkv-board table.qkv-hits[role="grid"] tbody { cursor: pointer; }
.qkv-board table.qkv-hits tr.qkv-chosen { outline: 2px solid var(--qkv-ink); outline-offset: -1px; }
.qkv-board table.qkv-hits tr:focus-visible { outline: 4px solid var(--qkv-ink); }
.qkv-board table.qkv-hits td .qkv-label { max-width: 12.5em; }
.qkv-board table.qkv-hits th .qkv-label { max-width: 15.5em; }
.qkv-board .qkv-meter { display: inline-block; width: 50px; margin-right: 4px; vertical-align: middle; }
.qkv-board .qkv-meter .qkv-bar { height: 16px; }`;

export const shape = ({ keys }) => keys.length;

export function build({ keys, asks }, { ask }) {
  const caption = make("caption");
  const heads = [0, 1, 2, 3].map(() => make("th", { scope: "col" }));
  const lines = keys.map(() => makeLine(asks));
  const rows = lines.map(({ line }) => line);
  const parts = [caption, make("thead", {}, [make("tr", {}, heads)]), make("tbody", {}, rows)];
  const table = make("table", { class: "qkv-hits", role: asks ? "grid" : "table" }, parts);
  const root = make("div", { class: "qkv-scroll" }, [table]);
  if (asks) letChoose(table, rows, STEPS, (row, down) => clamp(row + down, keys.length - 1), (row) => ask({ row }));
  return { root, caption, heads, lines, rows };
}

export function update({ caption, heads, lines, rows }, picture) {
  setText(caption, picture.title);
  heads.forEach((head, i) => setText(head, picture.head[i]));
  lines.forEach(({ line, key, meters, value, swatch }, i) => {
    setLabel(key, picture.keys[i]);
    setLabel(value, picture.values[i]);
    meters.forEach(({ bar, number }, j) => {
      bar.style.width = `${picture.lengths[i][j] * 100}%`;
      setText(number, picture.texts[2 * i + j]);
    });
    swatch.style.backgroundColor = picture.colours[i];
    line.classList.toggle("qkv-chosen", i === picture.chosen);
    if (picture.asks) setAttributes(line, { "aria-selected": i === picture.chosen });
  });
  if (picture.asks) setTabStop(rows, picture.chosen ?? 0);
}

function makeLine(asks) {
  const role = asks ? "gridcell" : "cell";
  const [key, value, swatch] = [makeLabel(), makeLabel(), makeSwatch()];
  const meters = [0, 1].map(() => {
    const [bar, number] = [make("div", { class: "qkv-bar" }), make("span", { class: "qkv-value" })];
    return { bar, number, cell: make("td", { role }, [make("div", { class: "qkv-meter" }, [bar]), number]) };
  });
  const [first, last] = [make("th", { scope: "row" }, [key]), make("td", { role }, [swatch, value])];
  const line = make("tr", {}, [first, ...meters.map(({ cell }) => cell), last]);
  return { line, key, meters, value, swatch };
}
