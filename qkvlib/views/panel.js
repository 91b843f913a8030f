// The panel around a board: its controls made reachable, numbers sent as they were typed, what is wrong said beside its
// control, and a kernel that is gone said in words. The controls are ipywidgets', which draws them when it likes.

import { make, setAttributes, setText, tell } from "./dom.js";

const FOCUSABLE = "input, select, textarea, button, [role=slider], [tabindex], .widget-readout";
const ENTERED = "input, select, textarea, .widget-readout"; // what holds the value of a control
const TYPED = "input[type=text], textarea, .widget-readout";
const HANDLE = "[role=slider], .ui-slider-handle"; // the latter of ipywidgets 7
const EDITING = /^([acvxyz]|Arrow.*|Home|End|Backspace|Delete)$/i; // with Ctrl or ⌘, in a text
const OUTAGE = 2000; // ms without a connection that are worth a word
const SETTLED = 700; // ms without a change after which what comes of it is said
const MOVE = 1000; // ms after which a view that was only moved stands somewhere again

// Of this model on this page: anywidget loads the module afresh for each.
let nViews = 0;
let leaving; // timer

// `redraw` is called when the panel dies with its kernel: `gone` is true from then on.
export function watchPanel(model, el, redraw) {
  const listening = new AbortController();
  let panel = null;
  let messages = {};
  let said = model.get("scene").said;
  let settling; // timer
  const announcement = make("div", { class: "qkv-unseen", role: "status" });

  const mendAll = (root) => {
    for (const control of root.querySelectorAll(".qkv-control")) mend(control, messages);
    showMessages(panel, messages);
  };
  const enter = () => {
    panel = el.closest(".qkv-panel");
    if (!panel) return;
    arrival.disconnect();
    drawn.observe(panel, { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] });
    el.before(announcement);
    mendAll(panel);
    for (const bar of panel.querySelectorAll(".progress-bar")) drawn.observe(bar, { attributeFilter: ["style"] });
    showKernel(panel, el, kernel.state, model.get("words"));
    takeKeys(panel, listening.signal);
    takeClicks(panel, listening.signal);
    sendTyped(panel, listening.signal, (asked) => kernel.state === "gone" || tell(model, asked));
  };
  const arrival = new ResizeObserver(enter); // the first size that `el` has is the one in its panel
  const drawn = new MutationObserver((records) => {
    for (const target of new Set(records.map((record) => record.target))) {
      const control = target.closest(".qkv-control");
      if (control) mend(control, messages);
      else if (!el.contains(target)) mendAll(target);
    }
  });
  const kernel = watchKernel(model, (state) => {
    if (panel) showKernel(panel, el, state, model.get("words"));
    if (state === "gone") redraw();
  });
  nViews += 1;
  enter();
  if (!panel) arrival.observe(el);

  return {
    get gone() {
      return kernel.state === "gone";
    },
    update(scene) {
      clearTimeout(settling);
      settling = setTimeout(() => {
        const focused = panel?.contains(document.activeElement) && document.activeElement;
        const isCurve = focused && focused.closest(".qkv-curves"); // it says its values itself
        if (scene.said !== said && focused && !isCurve) setText(announcement, scene.said);
        said = scene.said;
      }, SETTLED);
      const before = messages;
      messages = scene.messages;
      const names = Object.keys({ ...before, ...messages }).filter((name) => before[name] !== messages[name]);
      if (!panel || !names.length) return;
      showMessages(panel, messages);
      for (const name of names) if (controlOf(panel, name)) mend(controlOf(panel, name), messages);
    },
    close() {
      nViews -= 1;
      clearTimeout(settling);
      announcement.remove();
      clearTimeout(leaving);
      leaving = setTimeout(() => nViews || isDead(model) || model.send?.({ views: 0 }), MOVE);
      arrival.disconnect();
      drawn.disconnect();
      listening.abort();
      kernel.close();
    },
  };
}

const PREFIX = "qkv-control-";
const nameOf = (control) => [...control.classList].find((name) => name.startsWith(PREFIX))?.slice(PREFIX.length);
const controlOf = (panel, name) => (name ? panel.querySelector(`.${PREFIX}${CSS.escape(name)}`) : null);

// A screen reader needs a name, and the value that is shown, where ipywidgets gives a slider neither. Its readout is
// reached with a click, or with Enter from the slider: one stop of the Tab key is enough.
function mend(control, messages) {
  const [title, readout] = [control.querySelector(".widget-label"), control.querySelector(".widget-readout")];
  const label = title?.textContent.replace("\u200b", "");
  if (title?.getAttribute("title") === "null") setAttributes(title, { title: null });
  for (const icon of control.querySelectorAll("i")) setAttributes(icon, { "aria-hidden": true });
  for (const group of control.querySelectorAll(".widget-radio-box")) setAttributes(group, { role: "radiogroup", "aria-label": label });
  for (const part of control.querySelectorAll(FOCUSABLE))
    if (label && !part.textContent && part.type !== "radio") setAttributes(part, { "aria-label": label });
  for (const bar of control.querySelectorAll(".progress")) {
    const now = Math.round(parseFloat(bar.firstChild.style.width)) || 0;
    setAttributes(bar, { role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": now });
  }
  for (const part of control.querySelectorAll(ENTERED))
    setAttributes(part, { "aria-invalid": nameOf(control) in messages });
  if (!readout) return;
  setAttributes(readout, { role: "textbox", tabindex: -1, "aria-label": label || null });
  for (const handle of control.querySelectorAll(HANDLE))
    setAttributes(handle, { role: "slider", "aria-valuetext": readout.textContent, "aria-keyshortcuts": "Enter" });
  showExactly(control.querySelector(".slider")?.noUiSlider);
}

// A slider moves in steps; a value that was typed or that Python set stands where it is, not at the nearest step.
const exact = new WeakSet();
function showExactly(slider) {
  if (!slider || exact.has(slider)) return;
  exact.add(slider);
  const { set } = slider;
  slider.set = (value, notify) => set(value, notify, true);
}

// What is wrong with a value stands beside its control; what belongs to none, at the end of the controls.
function showMessages(panel, messages) {
  for (const shown of panel.querySelectorAll(".qkv-message[data-control]"))
    if (!(shown.dataset.control in messages)) shown.remove();
  for (const [name, text] of Object.entries(messages)) {
    const control = controlOf(panel, name);
    const message =
      panel.querySelector(`.qkv-message[data-control="${CSS.escape(name)}"]`) ??
      make("div", { class: "qkv-message", role: "alert", "data-control": name });
    if (control && control.nextSibling !== message) control.after(message);
    else if (!message.isConnected) [...panel.querySelectorAll(".qkv-controls")].at(-1)?.append(message);
    setText(message, text);
  }
}

// While only the connection is lost, what the reader does waits for it; a kernel that is gone takes nothing more.
function showKernel(panel, el, state, words) {
  const rows = [...panel.querySelectorAll(".qkv-controls")];
  const focused = rows.some((row) => row.contains(document.activeElement));
  for (const row of rows) setAttributes(row, { inert: state === "gone" ? "" : null });
  el.querySelector(":scope > .qkv-kernel")?.remove();
  if (state === "here") return;
  const attributes = { class: "qkv-message qkv-kernel", role: "alert", tabindex: -1 };
  const notice = make("div", attributes, [words[state]]);
  el.prepend(notice);
  if (state === "gone" && focused) notice.focus({ preventScroll: true });
}

// JupyterLab's shortcuts act on the focused element unless it says that it takes the key itself: here each key without
// Ctrl or ⌘, and with them what edits a text. The others are JupyterLab's, as Shift+Enter is, which runs the cell; the box
// of ipywidgets would keep them, so that Ctrl+S came to the browser.
function takeKeys(panel, signal) {
  const take = (event) => {
    const { target, key } = event;
    if (!panel.contains(target)) return;
    const ours = !isModified(event) || (target.matches(TYPED) && EDITING.test(key));
    setAttributes(target, { "data-lm-suppress-shortcuts": ours || null });
    setTimeout(() => setAttributes(target, { "data-lm-suppress-shortcuts": null })); // when all have had the key
    if (!ours && key !== "Enter" && target.matches("input[type=text]")) {
      event.stopPropagation();
      if (!panel.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
    }
  };
  window.addEventListener("keydown", take, { capture: true, signal }); // before JupyterLab
}

// The second click of a double click would cancel what the first has started.
function takeClicks(panel, signal) {
  const take = (event) => event.detail > 1 && event.target.closest(".qkv-work") && event.stopPropagation();
  panel.addEventListener("click", take, { capture: true, signal }); // before ipywidgets
}

// With Alt, Ctrl writes a character on some keyboards.
function isModified({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  return key === "Enter" ? ctrlKey || metaKey || altKey || shiftKey : (ctrlKey || metaKey) && !altKey;
}

// What is typed beside a slider goes to Python as it stands, in place of what ipywidgets would make of it.
function sendTyped(panel, signal, send) {
  const drafts = new WeakMap(); // readout -> what it showed, and what the reader has made of it
  const on = (type, listener) => {
    const listen = (event) => event.target.matches(".qkv-control .widget-readout") && listener(event, event.target);
    panel.addEventListener(type, listen, { capture: true, signal }); // before ipywidgets
  };
  const take = (readout) => {
    const { shown, typed } = drafts.get(readout) ?? {};
    drafts.delete(readout);
    if ([undefined, shown].includes(typed) || readout.textContent !== typed) return null; // or the slider has moved
    readout.textContent = shown;
    return typed;
  };
  const submit = (event, readout) => {
    event.stopPropagation();
    const typed = take(readout);
    if (typed !== null) send({ control: nameOf(readout.closest(".qkv-control")), typed: typed.trim() });
  };
  on("beforeinput", (event, readout) => {
    if (readout.textContent !== drafts.get(readout)?.typed) drafts.set(readout, { shown: readout.textContent });
  });
  on("input", (event, readout) => {
    drafts.get(readout).typed = readout.textContent;
  });
  const enter = (event) => {
    if (event.key !== "Enter" || isModified(event) || !event.target.matches(`.qkv-control :is(${HANDLE})`)) return;
    const readout = event.target.closest(".qkv-control").querySelector(".widget-readout");
    event.preventDefault();
    readout.focus();
    getSelection().selectAllChildren(readout);
  };
  panel.addEventListener("keydown", enter, { signal });
  on("blur", submit);
  on("keydown", (event, readout) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method has the key
    if (event.key === "Escape") take(readout);
    if (event.key !== "Enter") return;
    event.preventDefault();
    submit(event, readout);
  });
}

// Tells what becomes of the kernel: its connection is "lost", and "here" again; or it is "gone" for good.
// JupyterLab lets know; where nobody does, the kernel is here.
function watchKernel(model, tellState) {
  const watch = { state: isDead(model) ? "gone" : "here", close };
  const kernel = watch.state === "gone" ? null : model.widget_manager?.kernel;
  let outage;
  const become = (state) => {
    if (watch.state === "gone" || watch.state === state) return;
    watch.state = state;
    tellState(state);
  };
  const die = () => become("gone");
  const follow = (_, status) => {
    clearTimeout(outage);
    if (status !== "connected") outage = setTimeout(() => become("lost"), OUTAGE);
    else become("here"), find(model, kernel).then((found) => found || die(), () => {});
  };
  function close() {
    clearTimeout(outage);
    model.off("comm_live_update", die);
    kernel?.disposed?.disconnect(die);
    kernel?.connectionStatusChanged?.disconnect(follow);
  }
  model.on("comm_live_update", die); // ipywidgets gives its models up when the kernel restarts
  kernel?.disposed?.connect(die);
  kernel?.connectionStatusChanged?.connect(follow);
  return watch;
}

// anywidget hides the connection of the board; that of its layout, which lives as long, can be looked at.
function isDead(model) {
  const manager = model.widget_manager ?? {};
  if (manager.isDisposed) return true;
  const { comm_live, comm } = model.get("layout") ?? {};
  return "kernel" in manager && (!manager.kernel || comm_live === false || comm?.jsServicesComm?.isDisposed === true);
}

// Whether the kernel still knows the board: it may have restarted while nobody listened.
async function find(model, kernel) {
  const { content } = await kernel.requestCommInfo({ target_name: "jupyter.widget" });
  const layout = model.get("layout");
  layout.comm_live = layout.model_id in content.comms;
  return layout.comm_live;
}
