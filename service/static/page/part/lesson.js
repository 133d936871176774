/** Lessons: a strip over the view. A lesson is a JSON file; a done step fills its bar by itself. */
import { batch, computed, effect, html, signal, untracked } from "../vendor/preact.js";
import { lesson, loadView, NotLoaded, readers, showing, view } from "../state.js";
import { prose } from "./maths.js";

/** @typedef {{view: import("../state.js").View, state: any, do: string, look: string, done: any, hide?: boolean}} Step
 * @typedef {{title: string, steps: Step[]}} Lesson */

export const TITLES = ["Task 5 by hand", "One weight, every path", "Where gradients vanish", "Why the seed matters", "A curve from seven hinges"];
const STORE = "chainrule-lessons";

const open = signal(null);
const done = signal((stored()));
/** How a view puts a state, and the facts about it; each view registers itself. */
const views = {};

/** @param {string} name @param {(state: any) => void} put @param {() => any} facts */
export const takesLessons = (name, put, facts) => (views[name] = { put, facts });

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

const step = computed(() => (lesson.value && open.value ? (open.value.steps[lesson.value.step - 1] ?? null) : null));
const isDone = computed(() => Boolean(lesson.value && done.value[lesson.value.number]?.[lesson.value.step - 1]));

/** From this step of By hand on numbers are hidden; null: none are. */
export const hiddenFrom = computed(() => (step.value?.hide && step.value.view === "by-hand" ? step.value.state.step + (isDone.value ? 1 : 0) : null));

/** Each predicate reads the facts of its view. @type {Record<string, (wanted: any, facts: any) => boolean>} */
const PREDICATES = {
  checked: (pointer, facts) => facts.judged?.pointer === pointer && facts.judged.verdict !== "wrong",
  traced: (pointer, facts) => facts.trace === pointer,
  value: ({ at, below = Infinity, above = -Infinity }, facts) => {
    const found = at.split("/").slice(1).reduce((here, part) => here?.[part], facts.question);
    return typeof found === "number" && found < below && found > above;
  },
  is: ({ at, not, equal }, facts) => {
    const found = at.split("/").slice(1).reduce((here, part) => here?.[part], facts.question);
    return not === undefined ? found === equal : found !== undefined && found !== not;
  },
  loss_below: (most, facts) => facts.state === "succeeded" && facts.loss < most,
  trained: (_, facts) => facts.state === "succeeded",
  segments: (count, facts) => facts.segments === count,
};

/** @param {any} wanted @param {any} facts */
const holds = (wanted, facts) => Object.entries(wanted).every(([name, value]) => PREDICATES[name]?.(value, facts));

/** @type {Map<number, Lesson>} */
const loaded = new Map();

/** @param {number} number @returns {Promise<Lesson>} */
async function load(number) {
  const kept = loaded.get(number);
  if (kept) return kept;
  const response = await fetch(new URL(`../lesson/${number}.json`, import.meta.url)).catch(() => null);
  if (!response || response.status >= 500) throw new NotLoaded();
  if (!response.ok) throw new TypeError("lesson");
  loaded.set(number, await response.json());
  return load(number);
}

/** Load a step and answer how it is shown. @param {number} number @param {number} at */
async function prepare(number, at) {
  const wanted = await load(number);
  const { view: name, state } = wanted.steps[at - 1] ?? {};
  if (!name) throw new TypeError("step");
  await loadView(name);
  return () => batch(() => {
    open.value = wanted;
    lesson.value = { number, step: at };
    view.value = name;
    views[name]?.put(state);
  });
}

/** @param {number} number @param {number} at */
const show = (number, at) => showing(() => prepare(number, at));

readers.push(async ([name, number, at]) => {
  if (name !== "lesson") return null;
  if (!/^[1-9]$/.test(number ?? "")) throw new TypeError("lesson");
  return prepare(Number(number), Number(at ?? 1));
});

effect(() => {
  const wanted = step.value;
  const here = lesson.value;
  if (!wanted || !here) return;
  if (!holds(wanted.done, views[wanted.view]?.facts() ?? {})) return;
  untracked(() => {
    if (isDone.value) return;
    const mine = [...(done.value[here.number] ?? [])];
    mine[here.step - 1] = true;
    done.value = { ...done.value, [here.number]: Array.from(mine, Boolean) };
    localStorage.setItem(STORE, JSON.stringify(done.value));
  });
});

const leave = () => (lesson.value = null);

export function LessonStrip() {
  if (!step.value || !lesson.value || !open.value) return null;
  const { number, step: at } = lesson.value;
  const { steps, title } = open.value;
  const bars = steps.map((_, k) => (k === at - 1 ? "is" : done.value[number]?.[k] ? "was" : "to"));
  const facts = views[step.value.view]?.facts() ?? {};
  const paused = step.value.hide && step.value.state.layers && JSON.stringify(facts.question?.layers) !== JSON.stringify(step.value.state.layers);
  const next = () => (at < steps.length ? show(number, at + 1) : number < TITLES.length ? show(number + 1, 1) : leave());
  const wide = 132 / steps.length;
  return html`<aside class="lesson" aria-label=${`Lesson ${number}`}>
    <div class="where"><p class="small quiet">Lesson ${number}</p><h2>${title}</h2>
      <div class="prog"><svg viewBox="0 0 132 5" role="img" aria-label=${`Step ${at} of ${steps.length}${isDone.value ? ", done" : ""}`}>
        ${bars.map((kind, k) => html`<rect class=${`${kind} ${done.value[number]?.[k] ? "done" : ""}`} x=${k * wide} width=${wide - 4} height="5" rx="2.5" />`)}</svg>
        <span class="small quiet">${at} of ${steps.length}</span></div></div>
    <div><h2 class="sub">Do</h2><p>${prose(step.value.do)}</p></div>
    <div aria-live="polite"><h2 class="sub">Look at</h2><p>${paused ? html`You have changed the network, so the lesson waits. <button type="button" class="link" onClick=${() => show(number, at)}>Go on</button>` : prose(step.value.look)}</p></div>
    <div class="go"><button type="button" class="button ghost" disabled=${at === 1} onClick=${() => show(number, at - 1)}>Back</button>
      <button type="button" class=${isDone.value ? "button" : "button ghost"} onClick=${next}>${at < steps.length ? "Next" : number < TITLES.length ? "Next lesson" : "The end"}</button></div>
  </aside>`;
}

export function LessonList() {
  if (!lesson.value) return null;
  const here = lesson.value.number;
  return html`<article class="card small"><h2 class="sub">All lessons</h2><ol class="lessons">${TITLES.map((title, k) => html`<li key=${k} aria-current=${k + 1 === here ? "step" : undefined}>
    <a href=${`#lesson/${k + 1}/1`}>${title}</a></li>`)}</ol><p class="leave"><button type="button" class="link" onClick=${leave}>Leave the lesson</button></p></article>`;
}
