// Lines over x, as SVG; the x that is looked at is chosen with the pointer or the arrow keys, and its numbers stand beside.

const CURVES = [520, 300]; // px, as in figures.py
const MARKS = ["M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0", "M-4-4H4V4H-4Z", "M0-5L5 0L0 5L-5 0Z", "M0-5L5 4H-5Z", "M0 5L5-4H-5Z"];
const MOST_MARKS = 16; // more points lie too close for marks

export function drawCurves(root, picture, { ask }) {
  const shape = JSON.stringify([picture.labels, picture.axes, picture.dashed, picture.places.length]);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildCurves(root, picture, ask);
  }
  root.picture = picture;
  setText(root.caption, picture.title);
  picture.ticks.forEach((ticks, axis) => drawGrid(root, ticks, axis));
  picture.heights.forEach((heights, i) => {
    const { path, marks, number } = root.lines[i];
    path.setAttribute("d", pathOf(picture.places, heights));
    marks.forEach((mark, j) => {
      mark.style.display = heights[j] === null ? "none" : "";
      if (heights[j] !== null) mark.setAttribute("transform", `translate(${picture.places[j]} ${heights[j]})`);
    });
    setText(number, picture.texts[i]);
  });
  root.cursor.setAttribute("transform", `translate(${picture.places[picture.at]} 0)`);
  setText(root.x, `${picture.axes[0]} ${picture.x_text}`);
  root.svg.setAttribute("aria-valuenow", picture.at);
  root.svg.ariaValueText = picture.x_text;
}

function buildCurves(root, { labels, axes, colours, dashed, places, title }, ask) {
  const [width, height] = CURVES;
  root.caption = make("div", { className: "qkv-caption" });
  const marked = places.length <= MOST_MARKS;
  const box = { viewBox: `-58 -4 ${width + 70} ${height + 48}`, width: width + 70, height: height + 48, class: "qkv-curves" };
  const slider = { role: "slider", tabindex: 0, "aria-label": `${title}, ${axes[0]}`, "aria-valuemin": 0, "aria-valuemax": places.length - 1 };
  root.svg = shapeOf("svg", { ...box, ...slider, "data-lm-suppress-shortcuts": "true" });
  root.grids = [shapeOf("g"), shapeOf("g")];
  root.cursor = shapeOf("line", { class: "qkv-cursor", y1: 0, y2: height });
  root.lines = labels.map((label, i) => {
    const path = shapeOf("path", { class: "qkv-curve", stroke: colours[i], "stroke-dasharray": dashed[i] ? "6 5" : "none" });
    const marks = marked ? places.map(() => markOf(i, colours[i])) : [];
    return { path, marks, number: make("td", { className: "qkv-value" }) };
  });
  root.svg.append(
    ...root.grids,
    shapeOf("rect", { class: "qkv-frame", width, height }),
    root.cursor,
    ...root.lines.flatMap(({ path, marks }) => [path, ...marks]),
    shapeOf("text", { class: "qkv-axis-title", x: width / 2, y: height + 38, "text-anchor": "middle" }, [axes[0]]),
  );
  root.x = make("th", { scope: "col", colSpan: 2 });
  const rows = root.lines.map(({ number }, i) => {
    const sample = shapeOf("svg", { width: 30, height: 12, viewBox: "-15 -6 30 12", "aria-hidden": "true" }, [
      shapeOf("path", { class: "qkv-curve", d: "M-15 0H15", stroke: colours[i], "stroke-dasharray": dashed[i] ? "6 5" : "none" }),
      ...(marked ? [markOf(i, colours[i])] : []),
    ]);
    return make("tr", {}, [make("th", { scope: "row" }, [sample, make("span", { textContent: labels[i], dir: "auto" })]), number]);
  });
  const table = make("table", { className: "qkv-curves-key" }, [make("thead", {}, [make("tr", {}, [root.x])]), make("tbody", {}, rows)]);
  const y = make("div", { className: "qkv-axis-title", textContent: `↑ ${axes[1]}` });
  root.replaceChildren(root.caption, make("div", { className: "qkv-curves-parts" }, [make("div", {}, [y, root.svg]), table]));
  root.svg.addEventListener("keydown", (event) => stepAlong(root, event, ask));
  root.svg.addEventListener("pointerdown", (event) => chooseNearest(root, event, ask));
  root.svg.addEventListener("pointermove", (event) => event.buttons === 1 && chooseNearest(root, event, ask));
}

function drawGrid({ grids }, ticks, axis) {
  const [width, height] = CURVES;
  const key = JSON.stringify(ticks);
  if (grids[axis].dataset.ticks === key) return;
  grids[axis].dataset.ticks = key;
  const lines = ticks.map(([at]) =>
    shapeOf("line", { class: "qkv-grid-line", ...(axis ? { x2: width, y1: at, y2: at } : { x1: at, x2: at, y2: height }) }),
  );
  const texts = ticks.map(([at, text]) =>
    shapeOf("text", axis ? { x: -6, y: at + 4, "text-anchor": "end" } : { x: at, y: height + 18, "text-anchor": "middle" }, [text]),
  );
  grids[axis].replaceChildren(...lines, ...texts);
}

function markOf(i, colour) {
  return shapeOf("path", { d: MARKS[i % MARKS.length], fill: colour });
}

// The points joined, with a new start after each gap.
function pathOf(places, heights) {
  const start = (i) => (i > 0 && heights[i - 1] !== null ? "L" : "M");
  return heights.map((height, i) => (height === null ? "" : `${start(i)}${places[i]} ${height}`)).join("");
}

function stepAlong({ picture }, event, ask) {
  const last = picture.places.length - 1;
  const to = { ArrowLeft: picture.at - 1, ArrowDown: picture.at - 1, ArrowRight: picture.at + 1, ArrowUp: picture.at + 1, Home: 0, End: last }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  ask({ at: Math.min(Math.max(to, 0), last) });
}

function chooseNearest({ picture, svg }, event, ask) {
  const inverse = svg.getScreenCTM().inverse();
  const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
  const distances = picture.places.map((place) => Math.abs(place - x));
  const at = distances.indexOf(Math.min(...distances));
  svg.focus();
  if (at !== picture.at) ask({ at });
}
