// The pictures of one explorer, redrawn together from one message; and its controls made reachable.

const DRAW = { axis: drawAxis, matrix: drawMatrix, bars: drawBars, hits: drawHits, plane: drawPlane, curves: drawCurves, stack: drawStack, terms: drawTerms };

export default {
  render({ model, el }) {
    el.classList.add("qkv-board");
    const status = make("div", { className: "qkv-status", role: "status" });
    const pictures = make("div", { className: "qkv-pictures" });
    el.append(status, pictures);
    let serial = 0;
    const tools = {
      palettes: model.get("palettes"),
      ask(picture, changes) {
        model.set("asked", { picture, changes, serial: ++serial });
        model.save_changes();
      },
    };
    const update = () => {
      const scene = model.get("scene");
      if (status.textContent !== scene.status) status.textContent = scene.status;
      drawPictures(pictures, scene.pictures, tools);
      showMessages(el, scene.messages);
    };
    update();
    model.on("change:scene", update);

    // ipywidgets draws the controls, some before this view and some after, and tells no one when it has.
    const observer = new MutationObserver(() => {
      mendControls(el);
      showMessages(el, model.get("scene").messages);
    });
    const attached = setInterval(() => {
      const rows = panelOf(el)?.querySelectorAll(".qkv-controls") ?? [];
      if (!rows.length) return;
      clearInterval(attached);
      mendControls(el);
      showMessages(el, model.get("scene").messages);
      const watched = { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] };
      for (const row of rows) observer.observe(row, watched);
    }, 50);
    return () => {
      clearInterval(attached);
      observer.disconnect();
      model.off("change:scene", update);
    };
  },
};

function drawPictures(root, pictures, tools) {
  root.parts ??= new Map();
  for (const [name, part] of root.parts) {
    if (name in pictures) continue;
    part.remove();
    root.parts.delete(name);
  }
  for (const [name, picture] of Object.entries(pictures)) {
    if (!root.parts.has(name)) {
      const part = make("div", { className: `qkv-picture qkv-picture-${name}` });
      part.picture = make("div");
      part.note = make("p", { className: "qkv-note" });
      part.append(part.picture, part.note);
      root.append(part);
      root.parts.set(name, part);
    }
    const part = root.parts.get(name);
    DRAW[picture.kind](part.picture, picture, { ...tools, ask: (changes) => tools.ask(name, changes) });
    if (part.note.textContent !== picture.note) part.note.textContent = picture.note;
  }
}

const panelOf = (el) => el.closest(".qkv-panel");
const FOCUSABLE = "input, select, button, [role=slider], [tabindex]";

// JupyterLab's shortcuts act on the focused element unless it says that it takes the keys itself; and a screen reader
// needs a name, and the value that is shown, where ipywidgets gives a slider neither.
function mendControls(el) {
  for (const control of panelOf(el).querySelectorAll(".qkv-control")) {
    const label = control.querySelector(".widget-label")?.textContent.replace("\u200b", "");
    const readout = control.querySelector(".widget-readout");
    for (const part of control.matches(FOCUSABLE) ? [control] : control.querySelectorAll(FOCUSABLE)) {
      part.setAttribute("data-lm-suppress-shortcuts", "true");
      if (label && !part.textContent) part.ariaLabel = label;
    }
    const slider = control.querySelector("[role=slider]");
    if (slider && readout && slider.ariaValueText !== readout.textContent) slider.ariaValueText = readout.textContent;
    if (label && readout && readout.ariaLabel !== label) Object.assign(readout, { ariaLabel: label, role: "textbox" });
  }
}

// What is wrong with a value stands beside its control; what belongs to none, at the end of the controls.
function showMessages(el, messages) {
  const panel = panelOf(el);
  if (!panel) return;
  for (const shown of panel.querySelectorAll(".qkv-message"))
    if (messages[shown.dataset.control] !== shown.textContent) shown.remove();
  for (const [name, text] of Object.entries(messages)) {
    if (panel.querySelector(`.qkv-message[data-control="${name}"]`)) continue;
    const message = make("div", { className: "qkv-message", role: "alert", textContent: text });
    message.dataset.control = name;
    const control = panel.querySelector(`.qkv-control-${name || "none"}`);
    control ? control.after(message) : [...panel.querySelectorAll(".qkv-controls")].at(-1)?.append(message);
  }
  for (const input of panel.querySelectorAll(".qkv-control input"))
    input.ariaInvalid = String([...input.closest(".qkv-control").classList].some((name) => name.slice(12) in messages));
}

function make(tag, properties = {}, children = []) {
  const element = document.createElement(tag);
  const { role, className, textContent, ...others } = properties;
  if (role) element.setAttribute("role", role);
  if (className) element.className = className;
  if (textContent !== undefined) element.textContent = textContent;
  Object.assign(element, others);
  element.append(...children);
  return element;
}
