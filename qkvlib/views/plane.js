// Arrows in the plane, as SVG, with equal scales; the tip of each value is moved with the pointer or the arrow keys.

const PLANE = 360; // px, as in figures.py
const SVG = "http://www.w3.org/2000/svg";
let planes = 0; // for ids of arrowheads

export function drawPlane(root, picture, { ask }) {
  const shape = JSON.stringify([picture.labels, picture.axes]);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildPlane(root, picture, ask);
  }
  root.picture = picture;
  const radius = (root.radius = root.dragged ? root.radius : picture.radius); // a scale that moved under the hand would run away
  const px = ([x, y]) => [(x * PLANE) / 2 / radius, (-y * PLANE) / 2 / radius];
  root.caption.textContent = picture.title;
  root.hull.setAttribute("points", picture.hull.map((point) => px(point).join()).join(" "));
  drawTicks(root, picture.tick, px);
  picture.values.forEach((value, i) => {
    const { arrow, step, tip, label } = root.tokens[i];
    const [x, y] = px(value);
    setLine(arrow, [0, 0], [x, y]);
    setLine(step, px(picture.steps[i]), px(picture.steps[i + 1]));
    tip.setAttribute("transform", `translate(${x} ${y})`);
    const said = `${picture.axes[0]} ${picture.texts[i][0]}, ${picture.axes[1]} ${picture.texts[i][1]}`;
    if (tip.ariaValueText !== said) tip.ariaValueText = said;
    tip.setAttribute("aria-valuenow", value[0]);
    const [dx, dy] = picture.offsets[i];
    label.setAttribute("x", x + dx);
    label.setAttribute("y", y - dy);
  });
  setLine(root.before, [0, 0], px(picture.values[picture.before]));
  setLine(root.after, [0, 0], px(picture.output));
  setLine(root.moved, px(picture.values[picture.before]), px(picture.output));
}

function buildPlane(root, { labels, tips, axes, names }, ask) {
  root.caption = make("div", { className: "qkv-caption" });
  const id = `qkv-plane-${++planes}`;
  const svg = (root.svg = shapeOf("svg", { viewBox: `${-PLANE / 2} ${-PLANE / 2} ${PLANE} ${PLANE}`, class: "qkv-plane", role: "group" }));
  svg.setAttribute("width", PLANE);
  svg.setAttribute("height", PLANE);
  svg.append(shapeOf("defs", {}, ["value", "step", "after"].map((name) => head(id, name))));
  for (const line of [{ x1: -PLANE / 2, x2: PLANE / 2 }, { y1: -PLANE / 2, y2: PLANE / 2 }])
    svg.append(shapeOf("line", { class: "qkv-axis-line", ...line }));
  const half = PLANE / 2 - 4;
  svg.append(shapeOf("text", { class: "qkv-axis-name", x: half, y: half, "text-anchor": "end" }, [`${axes[0]} →`]));
  svg.append(shapeOf("text", { class: "qkv-axis-name", x: -half, y: -half + 8 }, [`↑ ${axes[1]}`]));
  root.hull = shapeOf("polygon", { class: "qkv-hull" });
  root.ticks = [shapeOf("text", { class: "qkv-axis-name", y: half - 14, "text-anchor": "middle" }), shapeOf("text", { class: "qkv-axis-name", x: -half })];
  root.moved = shapeOf("line", { class: "qkv-moved" });
  root.before = shapeOf("line", { class: "qkv-before" });
  root.after = shapeOf("line", { class: "qkv-after", "marker-end": `url(#${id}-after)` });
  svg.append(root.hull, ...root.ticks, root.moved);
  root.tokens = labels.map((text, i) => {
    const arrow = shapeOf("line", { class: "qkv-value-arrow", "marker-end": `url(#${id}-value)` });
    const step = shapeOf("line", { class: "qkv-step", "marker-end": `url(#${id}-step)` });
    const label = shapeOf("text", { class: "qkv-tip-label" }, [tips[i]]);
    const tip = shapeOf("g", { class: "qkv-tip", role: "slider", tabindex: 0, "data-lm-suppress-shortcuts": "true", "aria-label": `${names.value} ${text}` }, [
      shapeOf("circle", { r: 12, class: "qkv-tip-reach" }),
      shapeOf("circle", { r: 5, class: "qkv-tip-dot" }),
      shapeOf("title", {}, [text]),
    ]);
    tip.addEventListener("keydown", (event) => nudge(root, i, event, ask));
    tip.addEventListener("pointerdown", (event) => drag(root, i, tip, event, ask));
    return { arrow, step, tip, label };
  });
  svg.append(root.before, ...root.tokens.map(({ arrow }) => arrow), ...root.tokens.map(({ step }) => step), root.after);
  svg.append(...root.tokens.map(({ label }) => label), ...root.tokens.map(({ tip }) => tip));
  const key = [["qkv-value-arrow", names.value], ["qkv-step", names.step], ["qkv-before", names.before], ["qkv-after", names.after]];
  const entries = key.map(([name, text]) => {
    const line = shapeOf("svg", { width: 22, height: 10, "aria-hidden": "true" }, [shapeOf("line", { class: name, x1: 1, y1: 5, x2: 21, y2: 5 })]);
    return make("span", {}, [line, text]);
  });
  root.replaceChildren(root.caption, svg, make("div", { className: "qkv-key" }, entries));
}

function drawTicks({ ticks }, tick, px) {
  const [x, y] = px([tick, tick]);
  ticks[0].setAttribute("x", x);
  ticks[1].setAttribute("y", y + 4);
  for (const text of ticks) if (text.textContent !== String(tick)) text.textContent = String(tick);
}

function head(id, name) {
  const path = shapeOf("path", { d: "M 0 0 L 8 4 L 0 8 z", class: `qkv-head-${name}` });
  const box = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto", markerUnits: "userSpaceOnUse" };
  return shapeOf("marker", { id: `${id}-${name}`, ...box }, [path]);
}

function nudge(root, i, event, ask) {
  const way = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const { values, radius } = root.picture;
  const step = (event.shiftKey ? 0.25 : 0.05) * Math.max(1, Math.round(radius / 2));
  ask({ tip: [i, ...values[i].map((coordinate, axis) => coordinate + way[axis] * step)] });
}

function drag(root, i, tip, event, ask) {
  event.preventDefault();
  tip.focus();
  tip.setPointerCapture(event.pointerId);
  root.dragged = true;
  const move = ({ clientX, clientY }) => {
    const box = root.svg.getBoundingClientRect();
    const unit = (2 * root.radius) / box.width;
    const to = [(clientX - box.left - box.width / 2) * unit, (box.top + box.height / 2 - clientY) * unit];
    ask({ tip: [i, ...to] });
  };
  const end = () => {
    tip.removeEventListener("pointermove", move);
    root.dragged = false;
    drawPlane(root, root.picture, { ask }); // on the scale that fits now
  };
  tip.addEventListener("pointermove", move);
  tip.addEventListener("lostpointercapture", end, { once: true });
}

function setLine(line, [x1, y1], [x2, y2]) {
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value.toFixed(2));
  line.style.display = Math.hypot(x2 - x1, y2 - y1) < 0.5 ? "none" : ""; // a head alone would point nowhere
}

function shapeOf(tag, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
