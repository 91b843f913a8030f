// The pictures of one explorer, redrawn together from one message; and its controls made reachable.

const DRAW = { matrix: drawMatrix, bars: drawBars, terms: drawTerms };

export default {
  render({ model, el }) {
    el.classList.add("qkv-board");
    const status = make("div", { className: "qkv-status", role: "status" });
    const pictures = make("div", { className: "qkv-pictures" });
    el.append(status, pictures);
    const tools = {
      palettes: model.get("palettes"),
      choose(row, column) {
        model.set("chosen", [row, column]);
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

    // The controls are drawn by ipywidgets, some before this view and some after.
    const observer = new MutationObserver(() => {
      mendControls(el);
      showMessages(el, model.get("scene").messages);
    });
    const attached = setInterval(() => {
      const controls = panelOf(el)?.querySelector(".qkv-controls");
      if (!controls) return;
      clearInterval(attached);
      mendControls(el);
      showMessages(el, model.get("scene").messages);
      observer.observe(controls, { childList: true, subtree: true });
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
    DRAW[picture.kind](part.picture, picture, tools);
    if (part.note.textContent !== picture.note) part.note.textContent = picture.note;
  }
}

const panelOf = (el) => el.closest(".qkv-panel");
const FOCUSABLE = "input, select, button, [role=slider], [tabindex]";

// JupyterLab's shortcuts act on the focused element unless it says that it takes the keys itself; and a screen reader
// needs a name where ipywidgets gives a slider none.
function mendControls(el) {
  for (const control of panelOf(el).querySelectorAll(".qkv-control")) {
    const label = control.querySelector(".widget-label")?.textContent;
    for (const part of control.matches(FOCUSABLE) ? [control] : control.querySelectorAll(FOCUSABLE)) {
      part.setAttribute("data-lm-suppress-shortcuts", "true");
      if (label && !part.textContent) part.ariaLabel = label;
    }
    for (const readout of control.querySelectorAll("[contenteditable]"))
      if (label && readout.ariaLabel !== label) Object.assign(readout, { ariaLabel: label, role: "textbox" });
  }
}

// What is wrong with a value stands beside its control; what belongs to none, at the end of the controls.
function showMessages(el, messages) {
  const controls = panelOf(el)?.querySelector(".qkv-controls");
  if (!controls) return;
  for (const shown of controls.querySelectorAll(".qkv-message"))
    if (messages[shown.dataset.control] !== shown.textContent) shown.remove();
  for (const [name, text] of Object.entries(messages)) {
    if (controls.querySelector(`.qkv-message[data-control="${name}"]`)) continue;
    const message = make("div", { className: "qkv-message", role: "alert", textContent: text });
    message.dataset.control = name;
    const control = controls.querySelector(`.qkv-control-${name}`);
    control ? control.after(message) : controls.append(message);
  }
  for (const input of controls.querySelectorAll(".qkv-control input"))
    input.ariaInvalid = String([...input.closest(".qkv-control").classList].some((c) => c.slice(12) in messages));
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
