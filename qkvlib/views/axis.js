// Marks on an axis from one end to the other, in a table that a screen reader can read.

export function drawAxis(root, picture) {
  const shape = JSON.stringify([picture.labels.length]);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildAxis(root, picture.labels.length);
  }
  setText(root.caption, picture.title);
  root.ends.forEach((end, i) => setText(end, picture.ends[i]));
  root.marks.forEach(({ label, shift, dot, value }, i) => {
    const place = picture.places[i] * 50;
    setText(label, picture.labels[i]);
    setText(value, picture.texts[i]);
    shift.style.left = `${50 + Math.min(0, place)}%`;
    shift.style.width = `${Math.abs(place)}%`;
    dot.style.left = `${50 + place}%`;
  });
}

function buildAxis(root, n) {
  root.caption = make("caption");
  root.ends = [make("span", { dir: "auto" }), make("span", { dir: "auto" })];
  root.marks = Array.from({ length: n }, () => {
    const label = make("th", { scope: "row" });
    const [shift, dot] = [make("div", { className: "qkv-shift" }), make("div", { className: "qkv-dot" })];
    const value = make("td", { className: "qkv-value" });
    const track = make("td", { className: "qkv-axis-track" }, [make("div", { className: "qkv-middle" }), shift, dot]);
    return { label, shift, dot, value, line: make("tr", {}, [label, track, value]) };
  });
  const head = make("tr", {}, [make("td"), make("th", { scope: "col", className: "qkv-ends" }, root.ends), make("td")]);
  const body = make("tbody", {}, root.marks.map(({ line }) => line));
  root.replaceChildren(make("table", { className: "qkv-axis-marks" }, [root.caption, make("thead", {}, [head]), body]));
}
