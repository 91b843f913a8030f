// A sum written out term by term.

export function drawTerms(root, { title, head, rows, foot }) {
  const shape = `${head.length} ${rows.length} ${foot.length}`;
  if (root.dataset.shape !== shape) {
    root.dataset.shape = shape;
    buildTerms(root, head, rows, foot);
  }
  [title, ...head, ...rows.flat(), ...foot.flat()].forEach((text, i) => {
    if (root.cells[i].textContent !== text) root.cells[i].textContent = text;
  });
}

function buildTerms(root, head, rows, foot) {
  const caption = make("caption");
  const headings = make("tr", {}, head.map(() => make("th", { scope: "col" })));
  const body = rows.map((row) => make("tr", {}, row.map(() => make("td"))));
  const end = foot.map(() => make("tr", {}, [make("th", { scope: "row", colSpan: head.length - 1 }), make("td")]));
  const parts = [["thead", [headings]], ["tbody", body], ["tfoot", end]].map(([tag, lines]) => make(tag, {}, lines));
  root.cells = [caption, ...[headings, ...body, ...end].flatMap((line) => [...line.children])];
  root.replaceChildren(make("table", { className: "qkv-terms" }, [caption, ...parts]));
}
