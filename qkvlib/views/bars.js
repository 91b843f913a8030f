// One row of numbers as bars, in a table that a screen reader can read.

export function drawBars(root, picture) {
  const shape = JSON.stringify(picture.labels);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildBars(root, picture);
  }
  const negative = -Math.min(0, ...picture.lengths);
  const positive = Math.max(0, ...picture.lengths) || 1;
  const scale = 100 / (negative + Math.max(positive, 1 - negative));
  root.caption.textContent = picture.title;
  root.bars.forEach(({ line, bar, value }, i) => {
    const length = picture.lengths[i];
    bar.style.marginLeft = `${(negative + Math.min(0, length)) * scale}%`;
    bar.style.width = `${Math.abs(length) * scale}%`;
    if (value.textContent !== picture.texts[i]) value.textContent = picture.texts[i];
    line.classList.toggle("qkv-chosen", i === picture.chosen);
  });
}

function buildBars(root, picture) {
  root.caption = make("caption");
  root.bars = picture.labels.map((label) => {
    const bar = make("div", { className: "qkv-bar" });
    const value = make("td", { className: "qkv-value" });
    const head = make("th", { scope: "row", title: label }, [make("span", { textContent: label, dir: "auto" })]);
    return { bar, value, line: make("tr", {}, [head, make("td", { className: "qkv-track" }, [bar]), value]) };
  });
  const table = make("table", { className: "qkv-bars" }, [root.caption, ...root.bars.map(({ line }) => line)]);
  table.classList.toggle("qkv-tiny", picture.labels.length > 16);
  root.replaceChildren(table);
}
