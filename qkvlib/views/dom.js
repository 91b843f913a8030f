// What the board, the panel and all pictures share.

const SVG = "http://www.w3.org/2000/svg";

export const make = (tag, ...content) => fill(document.createElement(tag), ...content);
export const makeSvg = (tag, ...content) => fill(document.createElementNS(SVG, tag), ...content);

function fill(element, attributes = {}, children = []) {
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

// null takes an attribute away.
export function setAttributes(element, attributes) {
  for (const name in attributes) {
    const value = attributes[name] === null ? null : String(attributes[name]);
    if (value === element.getAttribute(name)) continue;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A word of the reader's: written from left or right, and whole in its tip where it is cut short on the page.
export function makeLabel(text = "") {
  const label = make("span", { class: "qkv-label", dir: "auto" });
  setLabel(label, text);
  return label;
}

export function setLabel(label, text) {
  setText(label, text);
  setAttributes(label, { title: text });
}

// Rows of text in a part of a table; `makeCell` makes the cell of a column where there is none yet.
export function setRows(section, rows, makeCell) {
  const { rows: lines } = section;
  if (rows.length !== lines.length || rows.some((row, i) => row.length !== lines[i].cells.length))
    section.replaceChildren(...rows.map((row) => make("tr", {}, row.map((_, column) => makeCell(column)))));
  rows.forEach((row, i) => row.forEach((text, column) => setText(lines[i].cells[column], text)));
}

// A key stands for a step, by `steps`: its name -> anything; the page stays where it is, also at the edge.
export function onStep(element, steps, act) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
    event.preventDefault();
    act(steps[event.key], event);
  });
}

export const clamp = (index, last) => Math.min(Math.max(index, 0), last);

// Tell Python what the reader asks for; all views of one model count in one row, so that none says what another said.
export function tell(model, asked) {
  model.set("asked", { ...asked, serial: (model.get("asked").serial ?? 0) + 1 });
  model.save_changes();
}

// One of these is reached with Tab, the others from there.
export function setTabStop(items, stop) {
  items.forEach((item, i) => setAttributes(item, { tabindex: i === stop ? 0 : -1 }));
}

// One of the items of a table is chosen with a click or a key; `lead` tells where a step leads to from which of them.
export function letChoose(table, items, steps, lead, choose) {
  const indexOf = ({ target }) => items.findIndex((item) => item.contains(target));
  const go = (index) => {
    setTabStop(items, index);
    items[index].focus();
    choose(index);
  };
  table.addEventListener("click", (event) => indexOf(event) >= 0 && go(indexOf(event)));
  onStep(table, steps, (step, event) => go(lead(indexOf(event), step)));
}

export const makeSwatch = () => make("i", { class: "qkv-swatch", "aria-hidden": "true" });
