// A heatmap as a table: a screen reader knows it, and each cell is reached with Tab and the arrow keys.

const MAX_NUMBERS = 16; // with more rows or columns, the number of the hovered or chosen cell stands under the table

export function drawMatrix(root, picture, { palettes, ask }) {
  const shape = JSON.stringify([picture.rows, picture.columns, picture.palette, !picture.sums]);
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildMatrix(root, picture, palettes[picture.palette], ask);
  }
  root.picture = picture;
  const palette = palettes[picture.palette];
  const colours = picture.colours; // a DataView: one index into the palette for each cell
  const numbers = Math.max(picture.rows.length, picture.columns.length) <= MAX_NUMBERS;
  const [chosenRow, chosenColumn] = picture.chosen ?? [-1, -1];
  root.caption.textContent = picture.title;
  root.limits.forEach((end, i) => (end.textContent = picture.limits[i]));
  root.cells.forEach((cell, i) => {
    const colour = colours.getUint8(i);
    if (cell.colour !== colour) {
      cell.colour = colour;
      [cell.style.backgroundColor, cell.style.color] = palette[colour];
      cell.classList.toggle("qkv-masked", colour === 255);
    }
    if (numbers && cell.firstChild.data !== picture.texts[i]) cell.firstChild.data = picture.texts[i];
    if (!numbers) cell.ariaLabel = picture.texts[i];
    cell.classList.toggle("qkv-source", picture.sources.includes(i));
    const chosen = cell.row === chosenRow && cell.column === chosenColumn;
    if ((cell.ariaSelected === "true") !== chosen) cell.ariaSelected = String(chosen);
  });
  root.sums.forEach((cell, i) => (cell.textContent = picture.sums[i]));
  root.rowHeads.forEach((head, i) => head.classList.toggle("qkv-chosen", i === chosenRow));
  root.columnHeads.forEach((head, i) => head.classList.toggle("qkv-chosen", i === chosenColumn));
  setTabStop(root, chosenRow, chosenColumn);
  readOut(root, root.hovered ?? picture.chosen);
}

function buildMatrix(root, picture, palette, ask) {
  const { rows, columns } = picture;
  const size = Math.max(rows.length, columns.length);
  const table = make("table", { className: "qkv-matrix", role: "grid" });
  table.style.setProperty("--cell", `${Math.min(picture.small ? 33 : 99, cellSize(size))}px`);
  table.classList.toggle("qkv-small", picture.small || size > 8);
  table.classList.toggle("qkv-tiny", size > MAX_NUMBERS);
  root.classList.toggle("qkv-compact", picture.small && size <= MAX_NUMBERS);
  table.classList.toggle("qkv-upright", columns.length > 8 || columns.some((label) => label.length > 7));
  root.caption = make("caption");
  const axis = make("tr", {}, [
    make("th", { className: "qkv-axis", rowSpan: 2, textContent: picture.query_axis }),
    make("th", { className: "qkv-axis", colSpan: columns.length, textContent: picture.key_axis }),
  ]);
  root.columnHeads = columns.map((label) => heading("col", label));
  const heads = make("tr", {}, root.columnHeads);
  if (picture.sums) {
    axis.append(make("th", { className: "qkv-axis" }));
    heads.append(make("th", { scope: "col", className: "qkv-sum", textContent: "Σ" }));
  }
  root.cells = [];
  root.sums = [];
  root.rowHeads = rows.map((label) => heading("row", label));
  const body = rows.map((_, row) => {
    const cells = columns.map((_, column) => {
      const cell = make("td", { role: "gridcell", tabIndex: -1, textContent: " ", ariaSelected: "false" });
      cell.setAttribute("data-lm-suppress-shortcuts", "true"); // the arrow keys move the choice, not the notebook
      return Object.assign(cell, { row, column });
    });
    root.cells.push(...cells);
    const line = make("tr", {}, [root.rowHeads[row], ...cells]);
    if (picture.sums) {
      root.sums.push(make("td", { className: "qkv-sum" }));
      line.append(root.sums.at(-1));
    }
    return line;
  });
  table.append(root.caption, make("thead", {}, [axis, heads]), make("tbody", {}, body));
  root.readout = make("div", { className: "qkv-readout" });
  table.addEventListener("click", (event) => chooseCell(root, event.target.closest("[role=gridcell]"), ask));
  table.addEventListener("keydown", (event) => chooseCell(root, neighbour(root, event), ask));
  table.addEventListener("pointerover", (event) => hover(root, event.target.closest("[role=gridcell]")));
  table.addEventListener("pointerleave", () => hover(root, null));
  root.replaceChildren(make("div", { className: "qkv-scroll" }, [table]), legend(root, palette), root.readout);
}

function cellSize(n) {
  if (n <= 8) return 46;
  return n <= MAX_NUMBERS ? 38 : Math.max(12, Math.floor(560 / n));
}

function heading(scope, label) {
  return make("th", { scope, title: label }, [make("span", { textContent: label, dir: "auto" })]);
}

function legend(root, palette) {
  const stops = palette.slice(0, 255).filter((_, i) => i % 16 === 0 || i === 254).map(([background]) => background);
  const strip = make("span", { className: "qkv-strip" });
  strip.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  root.limits = [make("span"), make("span")];
  return make("div", { className: "qkv-legend", ariaHidden: "true" }, [root.limits[0], strip, root.limits[1]]);
}

function neighbour(root, event) {
  const cell = event.target.closest("[role=gridcell]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return null;
  const last = [root.picture.rows.length - 1, root.picture.columns.length - 1];
  const to = {
    ArrowUp: [cell.row - 1, cell.column],
    ArrowDown: [cell.row + 1, cell.column],
    ArrowLeft: [cell.row, cell.column - 1],
    ArrowRight: [cell.row, cell.column + 1],
    Home: [cell.row, 0],
    End: [cell.row, last[1]],
  }[event.key];
  if (!to) return null;
  event.preventDefault(); // the page stays where it is, also at the edge
  return cellAt(root, Math.min(Math.max(to[0], 0), last[0]), Math.min(Math.max(to[1], 0), last[1]));
}

function chooseCell(root, cell, ask) {
  if (!cell) return;
  setTabStop(root, cell.row, cell.column);
  cell.focus();
  ask({ row: cell.row, column: cell.column });
}

function setTabStop(root, row, column) {
  const stop = cellAt(root, row, column) ?? root.cells[0];
  if (root.stop === stop) return;
  if (root.stop) root.stop.tabIndex = -1;
  root.stop = stop;
  stop.tabIndex = 0;
}

function cellAt(root, row, column) {
  return root.cells[row * root.picture.columns.length + column];
}

function hover(root, cell) {
  root.hovered = cell ? [cell.row, cell.column] : null;
  readOut(root, root.hovered ?? root.picture.chosen);
}

function readOut(root, at) {
  const { rows, columns, texts } = root.picture;
  root.readout.textContent = at ? `${rows[at[0]]} → ${columns[at[1]]}: ${texts[at[0] * columns.length + at[1]]}` : "";
}
