// A sum written out term by term, read aloud when it changes.

export function drawTerms(root, { title, head, rows, foot }) {
  const text = JSON.stringify([title, head, rows, foot]);
  if (root.dataset.text === text) return;
  root.dataset.text = text;
  const headings = make("tr", {}, head.map((cell) => make("th", { scope: "col", textContent: cell })));
  const body = rows.map((row) => make("tr", {}, row.map((textContent) => make("td", { textContent }))));
  const end = foot.map(([label, value]) =>
    make("tr", {}, [make("th", { colSpan: head.length - 1, textContent: label }), make("td", { textContent: value })]),
  );
  const parts = [["thead", [headings]], ["tbody", body], ["tfoot", end]].map(([tag, lines]) => make(tag, {}, lines));
  root.replaceChildren(make("table", { className: "qkv-terms" }, [make("caption", { textContent: title }), ...parts]));
}
