// Shares of a whole as one stacked bar, and as a table that a screen reader can read.

import { make, makeLabel, makeSwatch, setLabel, setText } from "./dom.js";

export const style = `
.qkv-board table.qkv-stack { width: 235px; }
.qkv-board table.qkv-stack :is(th, td) { font-size: 13px; font-weight: normal; text-align: left; white-space: nowrap; padding: 2px 4px; }
.qkv-board table.qkv-stack td.qkv-value { text-align: right; }
.qkv-board table.qkv-stack .qkv-label { max-width: 12.5em; }
.qkv-board .qkv-segments { display: flex; height: 20px; font-size: 13px; line-height: 20px; font-variant-numeric: tabular-nums; }
.qkv-board .qkv-segments > div { overflow: hidden; text-align: center; flex: none; box-sizing: border-box; border-left: 1px solid var(--qkv-paper); }`;

export const shape = ({ values }) => values.length;

export function build({ values }) {
  const caption = make("caption");
  const shares = values.map(() => {
    const [segment, swatch, label] = [make("div"), makeSwatch(), makeLabel()];
    const value = make("td", { class: "qkv-value" });
    const line = make("tr", {}, [make("th", { scope: "row" }, [swatch, label]), value]);
    return { segment, swatch, label, value, line };
  });
  const bar = make("div", { class: "qkv-segments" }, shares.map(({ segment }) => segment));
  const top = make("tr", { "aria-hidden": "true" }, [make("td", { colspan: 2 }, [bar])]);
  const root = make("table", { class: "qkv-stack" }, [caption, top, ...shares.map(({ line }) => line)]);
  return { root, caption, shares };
}

export function update({ caption, shares }, picture) {
  setText(caption, picture.title);
  shares.forEach(({ segment, swatch, label, value }, i) => {
    const [background, ink] = picture.colours[i];
    Object.assign(segment.style, { width: `${picture.lengths[i] * 100}%`, backgroundColor: background, color: ink });
    swatch.style.backgroundColor = background;
    setText(segment, picture.inside[i]);
    setLabel(label, picture.values[i]);
    setText(value, picture.texts[i]);
  });
}
