/** Mounts the page: head, view, keyboard, the first run through the forward pass. */
import { effect, html, render, signal, useEffect } from "./vendor/preact.js";
import { keyWanted, learn, pending, useKey } from "./ask.js";
import { VIEWS, fragment, keepAddress, lesson, loaders, notice, open, view } from "./state.js";
import { byHand, editing, result, runAt, set, toEntry, toGroup, toStep } from "./part/by_hand_state.js";
import { LessonStrip } from "./part/lesson.js";
import { still, theme, wear } from "./part/screen.js";
import { ByHand } from "./view/by_hand.js";

/** The views that are there; the others come when they are opened, or when there is nothing else to do. */
const components = signal({ "by-hand": ByHand });
const MODULES = {
  check: async () => (await import("./view/check.js")).Check,
  train: async () => (await import("./view/train.js")).Train,
  models: async () => (await import("./view/models.js")).Models,
  approximate: async () => (await import("./view/approximate.js")).Approximate,
  exercises: async () => (await import("./view/exercises.js")).Exercises,
};
for (const [name, load] of Object.entries(MODULES))
  loaders[name] = async () => {
    if (components.value[name]) return;
    const component = await load();
    components.value = { ...components.value, [name]: component };
  };
const RUN_MILLISECONDS = 350;
const keysShown = signal(false);
const slow = signal(false);
const copied = signal(false);

async function copyLink() {
  await navigator.clipboard.writeText(new URL(await fragment(), location.href).href);
  copied.value = true;
  setTimeout(() => (copied.value = false), 1500);
}

const THEMES = ({ system: "dark", dark: "light", light: "system" });

function Head() {
  useEffect(() => document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [view.value]);
  return html`<header>
    <a class="mark" href="#by-hand"><b>∂</b>Chainrule</a>
    <div class="tools">
      <button type="button" class="plain" onClick=${() => wear(THEMES[theme.value])} title="Theme: ${theme.value}" aria-label=${`Theme: ${theme.value}`}>
        <svg class="icon" viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="5" /><path class="fill" d="M7 2a5 5 0 0 1 0 10z" /></svg></button>
      <a href="#lesson/1/1" aria-current=${lesson.value ? "true" : undefined}>Lessons</a>
      <button type="button" class="plain" onClick=${copyLink}>${copied.value ? "Copied" : "Copy link"}</button>
      <a href="docs">API</a>
    </div>
    <nav aria-label="Views">${Object.entries(VIEWS).map(([name, word]) => html`<a key=${name} href=${`#${name}`}
      aria-current=${name === view.value ? "page" : undefined}>${word}</a>`)}</nav>
    ${slow.value && html`<div class="waiting" role="progressbar" aria-label="Waiting for the service"></div>`}
  </header>`;
}

const KEYS = { "← →": "step", "↑ ↓": "unit", "Home End": "first and last step of the group", Enter: "edit the number under the cursor", Esc: "leave", T: "trace a weight", "1 – 6": "views", "?": "this list" };

function KeyList() {
  if (!keysShown.value) return null;
  return html`<dialog class="card keys" open aria-label="Keys"><h2>Keys</h2>
    <dl>${Object.entries(KEYS).map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
    <label class="check"><input type="checkbox" checked=${localStorage.getItem("chainrule-keys") !== "off"}
      onChange=${(e) => localStorage.setItem("chainrule-keys", e.target.checked ? "on" : "off")} /> single-letter keys</label>
    <button type="button" class="button" autofocus onClick=${() => (keysShown.value = false)}>Close</button></dialog>`;
}

function KeyField() {
  const submit = (event) => {
    event.preventDefault();
    useKey(event.target.elements.key.value.trim());
    location.reload();
  };
  return html`<form class="keyfield card" onSubmit=${submit}><label for="key">This service asks for an API key. It is kept in this tab only.</label>
    <input class="entry" id="key" name="key" type="password" autocomplete="off" /><button class="button">Use it</button></form>`;
}

function Page() {
  const View = components.value[view.value];
  return html`<${Head} /><main>
    ${keyWanted.value && html`<${KeyField} />`}
    ${notice.value && html`<p class="refused" role="status">${notice.value}</p>`}
    <${LessonStrip} />${View && html`<${View} key=${view.value} />`}</main><${KeyList} />`;
}

/** @param {any} event */
function onKey(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, [role=slider], [role=tablist]")) return;
  if (event.key === "Escape") {
    keysShown.value = false;
    runAt.value = null;
    if (view.value === "by-hand" && byHand.value.trace) set({ trace: null });
  }
  const letters = localStorage.getItem("chainrule-keys") !== "off";
  if (letters && event.key === "?") keysShown.value = !keysShown.value;
  const number = Number(event.key);
  if (letters && number >= 1 && number <= 6) location.hash = Object.keys(VIEWS)[number - 1];
  if (view.value !== "by-hand" || editing.value) return;
  const moves = ({
    ArrowRight: () => toStep((runAt.value ?? byHand.value.step) + 1), ArrowLeft: () => toStep((runAt.value ?? byHand.value.step) - 1),
    ArrowDown: () => toEntry(1), ArrowUp: () => toEntry(-1), Home: () => toGroup(false), End: () => toGroup(true),
  });
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
}

/** The forward pass once by itself, so that a first visit sees what the page is. */
function runForward() {
  if (still.value || location.hash || lesson.value) return;
  runAt.value = 0;
  const stop = effect(() => {
    if (!result.value) return;
    const timer = setInterval(() => {
      if (runAt.value === null || runAt.value >= byHand.value.step) {
        runAt.value = null;
        clearInterval(timer);
      } else runAt.value++;
    }, RUN_MILLISECONDS);
    queueMicrotask(() => stop());
  });
  const halt = () => (runAt.value = null);
  addEventListener("pointerdown", halt, { once: true });
}

let waiting = 0;
effect(() => {
  clearTimeout(waiting);
  if (pending.value) waiting = setTimeout(() => (slow.value = true), 400);
  else slow.value = false;
});

wear(theme.value);
addEventListener("keydown", onKey);
await open(location.hash);
runForward();
keepAddress();
const root = (document.getElementById("page"));
root.replaceChildren();
render(html`<${Page} />`, root);
learn();
const idle = window.requestIdleCallback ?? setTimeout;
const stopWaiting = effect(() => {
  if (!result.value && view.value === "by-hand") return; // the first numbers come first
  idle(() => Object.values(loaders).forEach((load) => load().catch(() => {})));
  queueMicrotask(() => stopWaiting());
});
