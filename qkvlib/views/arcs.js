// A sentence as words with arcs between them. Where it asks, the word that asks is chosen with a click or the arrow keys.

import { LOOK } from "./look.js";
import { clamp, letChoose, make, makeLabel, makeSvg, setAttributes, setTabStop, setText } from "./dom.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export const style = `
.qkv-picture:has(.qkv-arcs) { width: 100%; }
.qkv-arcs svg { display: block; width: 100%; height: auto; overflow: visible; }
.qkv-arc { fill: none; stroke: var(--qkv-query); stroke-opacity: 0.8; transition: d 150ms, stroke-width 150ms; }
.qkv-arc.qkv-negative { stroke-dasharray: 4 3; }
.qkv-arcs text { fill: var(--qkv-ink); font-size: 15px; text-anchor: middle; dominant-baseline: central; paint-order: stroke; stroke: var(--qkv-paper); stroke-width: 4px; stroke-linejoin: round; }
.qkv-arcs text.qkv-chosen { font-weight: 700; }
@media (max-width: 1100px) { .qkv-arcs.qkv-wide text { font-size: 20px; } } /* they are drawn smaller there */
.qkv-arcs.qkv-narrow text:not(.qkv-chosen) { display: none; }
.qkv-words { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); justify-items: center; align-items: start; }
.qkv-word { box-sizing: border-box; max-width: calc(100% - 4px); padding: 3px 12px; border: 1px solid var(--qkv-key); border-radius: 17px; background: var(--qkv-paper); font-size: 17px; text-align: center; outline-offset: 2px; }
.qkv-words.qkv-many .qkv-word { padding-inline: 4px; font-size: 14px; }
.qkv-words.qkv-many .qkv-word:is(.qkv-asker, .qkv-chosen) { padding-inline: 2px; }
.qkv-words:has(> :nth-child(10)) .qkv-word { padding-inline: 2px; font-size: 13px; }
.qkv-small .qkv-words { min-height: 46px; }
.qkv-small .qkv-words .qkv-word { min-width: 14px; padding-inline: 4px; font-size: 14px; }
.qkv-small .qkv-words.qkv-many .qkv-word { padding-inline: 1px; }
.qkv-word .qkv-label.qkv-long { writing-mode: vertical-rl; line-height: 1.1; }
[role="listbox"] .qkv-word { cursor: pointer; }
.qkv-word .qkv-label { max-width: 100%; }
.qkv-word.qkv-asker { border: 3px solid var(--qkv-query); padding-block: 1px; }
.qkv-word.qkv-chosen { border-width: 3px; padding-block: 1px; }
.qkv-word:is(.qkv-asker, .qkv-chosen) { text-shadow: 0.5px 0 currentcolor, -0.5px 0 currentcolor; }
.qkv-word.qkv-hidden:not(.qkv-asker) { border: 1px dashed var(--qkv-line); }
.qkv-word.qkv-hidden .qkv-label { text-decoration: line-through; opacity: 0.75; }
.qkv-word:focus-visible { outline: 3px solid var(--qkv-ink); }
.qkv-under { justify-self: stretch; margin-top: 6px; padding-top: 7px; font-size: 14px; text-align: center; font-variant-numeric: tabular-nums; }
.qkv-under.qkv-joined { padding-top: 3px; border-top: 4px solid var(--qkv-ink); }
@media (prefers-reduced-motion: reduce) { .qkv-arc { transition: none; } }`;

export const shape = ({ labels, under, size }) => [labels, under.length, size];

export function build({ labels, asks, under, size }, { ask }) {
  const [caption, arcs] = [make("div", { class: "qkv-caption" }), labels.map(() => makeSvg("path", { class: "qkv-arc" }))];
  const numbers = labels.map(() => makeSvg("text"));
  const box = { viewBox: `0 0 ${size.join(" ")}`, "aria-hidden": "true" };
  const words = labels.map((label) => make("div", { class: "qkv-word", ...(asks ? { role: "option" } : {}) }, [makeLabel(label)]));
  const row = make("div", { class: "qkv-words", ...(asks ? { role: "listbox", "aria-orientation": "horizontal" } : {}) }, words);
  row.classList.toggle("qkv-many", labels.length > 5);
  const below = under.map(() => make("div", { class: "qkv-under" }));
  if (asks) letChoose(row, words, STEPS, (word, step) => clamp(word + step, words.length - 1), (row) => ask({ row }));
  const asker = make("span", { class: "qkv-unseen" });
  const drawn = [makeSvg("svg", box, [...arcs, ...numbers]), row, ...(below.length ? [make("div", { class: "qkv-words" }, below)] : [])];
  const root = make("div", { class: "qkv-arcs", style: `max-width: ${size[0]}px` }, [caption, asker, ...drawn]);
  const column = size[0] / labels.length;
  root.classList.toggle("qkv-small", size[0] < LOOK.arcs[0]);
  root.classList.toggle("qkv-wide", size[0] > LOOK.arcs[0]);
  words.forEach((word, i) => word.firstChild.classList.toggle("qkv-long", column < 48 && labels[i].length > 2));
  return { root, caption, asker, arcs, numbers, words, row, below };
}

export function update({ root, caption, asker, arcs, numbers, words, row, below }, picture) {
  const { labels, texts, masked, asks } = picture;
  setText(caption, picture.title);
  root.classList.toggle("qkv-narrow", !picture.roomy);
  setText(asker, `${labels[picture.asker]} →`);
  if (asks) setAttributes(row, { "aria-label": picture.title });
  words.forEach((word, i) => {
    const [x0, y0, ...rest] = picture.bends[i];
    setAttributes(arcs[i], { d: `M${x0} ${y0}C${rest.join(" ")}`, "stroke-width": picture.widths[i] });
    arcs[i].classList.toggle("qkv-negative", picture.negative[i]);
    const [x, y] = picture.spots[i];
    setAttributes(numbers[i], { x, y });
    setText(numbers[i], texts[i]);
    numbers[i].classList.toggle("qkv-chosen", i === picture.chosen);
    word.classList.toggle("qkv-asker", i === picture.asker);
    word.classList.toggle("qkv-chosen", i === picture.chosen);
    word.classList.toggle("qkv-hidden", masked[i]);
    const said = `${labels[i]}: ${texts[i]}`;
    setAttributes(word, asks ? { "aria-label": said, "aria-selected": i === picture.asker } : { "aria-label": said });
  });
  below.forEach((number, i) => {
    const [text, joined] = picture.under[i];
    setText(number, text);
    number.classList.toggle("qkv-joined", joined);
  });
  if (asks) setTabStop(words, picture.asker);
}
