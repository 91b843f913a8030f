// One row of numbers as bars, in a table that a screen reader can read.

export function drawBars(root, picture, { ask }) {
  const shape = JSON.stringify([picture.labels, picture.editable]);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildBars(root, picture, ask);
  }
  const negative = -Math.min(0, ...picture.lengths);
  const positive = Math.max(0, ...picture.lengths) || 1;
  const scale = 100 / (negative + Math.max(positive, 1 - negative));
  root.caption.textContent = picture.title;
  root.bars.forEach(({ line, bar, value, slider }, i) => {
    const length = picture.lengths[i];
    bar.style.marginLeft = `${(negative + Math.min(0, length)) * scale}%`;
    bar.style.width = `${Math.abs(length) * scale}%`;
    if (value.textContent !== picture.texts[i]) value.textContent = picture.texts[i];
    line.classList.toggle("qkv-chosen", i === picture.chosen);
    if (slider && root.getRootNode().activeElement !== slider) slider.value = length;
    if (slider) slider.ariaValueText = picture.texts[i];
  });
}

function buildBars(root, picture, ask) {
  root.caption = make("caption");
  root.bars = picture.labels.map((label, i) => {
    const bar = make("div", { className: "qkv-bar" });
    const value = make("td", { className: "qkv-value" });
    const head = make("th", { scope: "row", title: label }, [make("span", { textContent: label, dir: "auto" })]);
    const slider = picture.editable ? barSlider(i, label, ask) : null;
    const track = make("td", { className: "qkv-track" }, slider ? [bar, slider] : [bar]);
    return { bar, value, slider, line: make("tr", {}, [head, track, value]) };
  });
  const table = make("table", { className: "qkv-bars" }, [root.caption, ...root.bars.map(({ line }) => line)]);
  table.classList.toggle("qkv-editable", picture.editable);
  table.classList.toggle("qkv-tiny", picture.labels.length > 16);
  root.replaceChildren(table);
}

function barSlider(bar, label, ask) {
  const slider = make("input", { type: "range", min: 0, max: 1, step: 0.01, className: "qkv-bar-slider", ariaLabel: label });
  slider.setAttribute("data-lm-suppress-shortcuts", "true");
  slider.addEventListener("input", () => ask({ bar, value: slider.valueAsNumber }));
  return slider;
}
