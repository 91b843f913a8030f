// What a search compares, a line for each key: a table to a screen reader. Where one line is chosen, a click or the
// arrow keys choose another.

export function drawHits(root, picture, { ask }) {
  if (root.lines?.length !== picture.keys.length) buildHits(root, picture.keys.length, picture.chosen === null ? null : ask);
  root.caption.textContent = picture.title;
  root.heads.forEach((head, i) => (head.textContent = picture.head[i]));
  root.lines.forEach(({ line, key, meters, value, swatch }, i) => {
    setText(key, picture.keys[i]);
    setText(value, picture.values[i]);
    meters.forEach(({ bar, number }, j) => {
      bar.style.width = `${picture.lengths[i][j] * 100}%`;
      setText(number, picture.texts[2 * i + j]);
    });
    swatch.style.backgroundColor = picture.colours[i];
    if (picture.chosen === null) return;
    line.ariaSelected = String(i === picture.chosen);
    line.tabIndex = i === picture.chosen ? 0 : -1;
  });
}

function buildHits(root, n, ask) {
  root.caption = make("caption");
  root.heads = [0, 1, 2, 3].map(() => make("th", { scope: "col" }));
  root.lines = Array.from({ length: n }, () => hitsLine(ask ? "gridcell" : "cell"));
  const body = make("tbody", {}, root.lines.map(({ line }) => line));
  const parts = [root.caption, make("thead", {}, [make("tr", {}, root.heads)]), body];
  const table = make("table", { className: "qkv-hits", role: ask ? "grid" : "table" }, parts);
  root.replaceChildren(table);
  if (ask) chooseLines(root, table, ask);
}

function chooseLines(root, table, ask) {
  const last = root.lines.length - 1;
  for (const { line } of root.lines) line.setAttribute("data-lm-suppress-shortcuts", "true"); // arrow keys move the choice
  const choose = (row) => {
    root.lines[row].line.focus();
    ask({ row });
  };
  const rowOf = (event) => root.lines.findIndex(({ line }) => line.contains(event.target));
  table.addEventListener("click", (event) => rowOf(event) >= 0 && choose(rowOf(event)));
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rowOf(event);
    const to = { ArrowUp: row - 1, ArrowDown: row + 1, Home: 0, End: last }[event.key];
    if (row < 0 || to === undefined) return;
    event.preventDefault(); // the page stays where it is, also at the edge
    choose(Math.min(Math.max(to, 0), last));
  });
}

function hitsLine(role) {
  const key = make("span", { dir: "auto" });
  const value = make("span", { dir: "auto" });
  const swatch = make("i", { className: "qkv-swatch", ariaHidden: "true" });
  const meters = [0, 1].map(() => {
    const bar = make("div", { className: "qkv-bar" });
    const number = make("span", { className: "qkv-value" });
    return { bar, number, cell: make("td", { role }, [make("div", { className: "qkv-meter" }, [bar]), number]) };
  });
  const line = make("tr", {}, [
    make("th", { scope: "row" }, [key]),
    ...meters.map(({ cell }) => cell),
    make("td", { role }, [swatch, value]),
  ]);
  return { line, key, meters, value, swatch };
}

function setText(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  if (element.dir) element.title = text; // it may be cut short on the page
}
