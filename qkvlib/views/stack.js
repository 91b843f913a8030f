// Shares of a whole as one stacked bar, and as a table that a screen reader can read.

export function drawStack(root, picture) {
  if (root.parts?.length !== picture.values.length) buildStack(root, picture.values.length);
  root.caption.textContent = picture.title;
  root.parts.forEach(({ segment, swatch, value, share }, i) => {
    const [background, ink] = picture.colours[i];
    Object.assign(segment.style, { width: `${picture.lengths[i] * 100}%`, backgroundColor: background, color: ink });
    swatch.style.backgroundColor = background;
    setText(segment, picture.inside[i]);
    setText(value, picture.values[i]);
    setText(share, picture.texts[i]);
  });
}

function buildStack(root, n) {
  root.caption = make("caption");
  root.parts = Array.from({ length: n }, () => ({
    segment: make("div"),
    swatch: make("i", { className: "qkv-swatch", ariaHidden: "true" }),
    value: make("span", { dir: "auto" }),
    share: make("td", { className: "qkv-value" }),
  }));
  const bar = make("div", { className: "qkv-segments" }, root.parts.map(({ segment }) => segment));
  const top = make("tr", { ariaHidden: "true" }, [make("td", { colSpan: 2 }, [bar])]);
  const rows = root.parts.map(({ swatch, value, share }) =>
    make("tr", {}, [make("th", { scope: "row" }, [swatch, value]), share]),
  );
  root.replaceChildren(make("table", { className: "qkv-stack" }, [root.caption, top, ...rows]));
}
