/** What the page shows, as signals, and as a link: `#view/` and the question, deflated. */
import { Problem } from "./ask.js";
import { batch, effect, signal } from "./vendor/preact.js";

export const VIEWS = ({
  "by-hand": "By hand",
  check: "Check",
  train: "Train",
  models: "Models",
  approximate: "Approximate",
  exercises: "Exercises",
});

/** @typedef {keyof typeof VIEWS} View
 * @typedef {(value: any) => any} Pattern raises where the value does not fit */

const VERSION = 1;
const MAX_LINK_BYTES = 64 * 1024;
const MAX_QUESTION_CHARS = 8 * 1024;

export const view = signal(("by-hand"));
/** A sentence above the view, such as why a link was not understood. */
export const notice = signal("");
/** A lesson and its step, or null. */
export const lesson = signal(null);
/** The questions of the views, each a signal that its module registers with its patterns. */
const linked = {};

/** How the module of each view is loaded; main fills it. */
export const loaders = /** @type {Record<string, () => Promise<any>>} */ ({});

/** Patterns for what a link may hold. */
export const is = {
  number: (v) => {
    if (typeof v !== "number" || !Number.isFinite(v) || Math.abs(v) > 1e300) throw new TypeError("number");
    return v;
  },
  whole: (low, high) => (v) => {
    if (!Number.isInteger(v) || v < low || v > high) throw new TypeError("whole number");
    return v;
  },
  text: (most) => (v) => {
    if (typeof v !== "string" || v.length > most) throw new TypeError("text");
    return v;
  },
  flag: (v) => {
    if (typeof v !== "boolean") throw new TypeError("flag");
    return v;
  },
  one: (choices) => (v) => {
    if (!choices.includes(v)) throw new TypeError("choice");
    return v;
  },
  maybe: (pattern) => (v) => (v === null ? null : pattern(v)),
  list: (pattern, most) => (v) => {
    if (!Array.isArray(v) || v.length > most) throw new TypeError("list");
    return v.map(pattern);
  },
  fields: (patterns) => (v) => {
    if (v === null || typeof v !== "object" || Array.isArray(v)) throw new TypeError("object");
    return Object.fromEntries(Object.entries(patterns).map(([name, pattern]) => [name, pattern(v[name])]));
  },
  map: (pattern, most) => (v) => {
    const entries = Object.entries(v ?? {});
    if (entries.length > most) throw new TypeError("map");
    return Object.fromEntries(entries.map(([name, value]) => [is.text(100)(name), pattern(value)]));
  },
};

/** A layer-by-layer network whose sizes fit together. */
export const network = (v) => {
  const row = is.list(is.number, 100);
  const layer = is.fields({ weights: is.list(row, 100), biases: row, activation: is.text(20) });
  const layers = is.list(layer, 20)(v);
  if (!layers.length) throw new TypeError("network");
  let below = layers[0].weights[0]?.length;
  for (const { weights, biases } of layers) {
    const fits = weights.length === biases.length && weights.every((r) => r.length === below);
    if (!below || !fits || !weights.length) throw new TypeError("network");
    below = weights.length;
  }
  return layers;
};

/** @template T @param {View} name @param {T} initial @param {Pattern} pattern */
export function linkedState(name, initial, pattern) {
  const state = signal(initial);
  linked[name] = { state, pattern, initial };
  return state;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} stream */
async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_LINK_BYTES) throw new RangeError("the link is too long");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {any} question */
export async function encode(question) {
  const json = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...question }));
  const deflated = await through(json, new CompressionStream("deflate-raw"));
  const text = btoa(String.fromCharCode(...deflated));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
export async function decode(text) {
  if (text.length > MAX_LINK_BYTES) throw new RangeError("the link is too long");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const json = await through(bytes, new DecompressionStream("deflate-raw"));
  const question = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  if (question.v !== VERSION) throw new TypeError("version");
  return question;
}

/** The fragment of what is shown now. */
export async function fragment() {
  if (lesson.value) return `#lesson/${lesson.value.number}/${lesson.value.step}`;
  const here = linked[view.value];
  if (!here || here.state.value === here.initial) return `#${view.value}`;
  const text = JSON.stringify(here.state.value);
  return text.length > MAX_QUESTION_CHARS ? `#${view.value}` : `#${view.value}/${await encode(here.state.value)}`;
}

/** Other things a fragment may mean, such as an exercise; they answer a function that shows it, or null. */
export const readers = [];

let opened = 0;
/** Whether something that was asked for is still loaded; the address is then that of what comes. */
const isOpening = signal(false);

/** The files of a view did not come; what is shown now stays. A browser may not ask for a failed module again. */
export class NotLoaded extends Error {}
const NOT_LOADED = "This view could not be loaded, since the service cannot be reached. Reload the page when it is back.";
const UNREAD = "This link could not be read, so this is the page as it opens.";
/** What the service answers to a link that means nothing; after any other refusal it may be read later. */
const MEANS_NOTHING = [400, 404, 422];

/** @param {string} name */
export async function loadView(name) {
  await loaders[name]?.().catch(() => { throw new NotLoaded(); });
}

/** Why what is shown stays; null where a link is wrong. @param {any} error */
function whyNotNow(error) {
  if (error instanceof NotLoaded) return NOT_LOADED;
  if (!(error instanceof Problem) || MEANS_NOTHING.includes(error.status)) return null;
  return `This link could not be opened: ${error.message}. Open it again later.`;
}

/** Load something and show it, unless the reader has gone elsewhere since. @param {() => Promise<() => void>} prepare */
export async function showing(prepare) {
  const mine = ++opened;
  isOpening.value = true;
  const show = await prepare().catch((error) => () => {
    const why = whyNotNow(error);
    notice.value = why ?? UNREAD;
    if (why) return;
    lesson.value = null;
    view.value = "by-hand";
  });
  if (mine !== opened) return;
  batch(() => {
    notice.value = "";
    isOpening.value = false;
    show();
  });
}

/** Show what a fragment says; anything odd is the default view and a sentence. @param {string} text */
export const open = (text) => showing(async () => {
  const [name, ...rest] = text.replace(/^#/, "").split("/");
  await loadView(name);
  for (const read of readers) {
    const show = await read([name, ...rest]);
    if (show) return show;
  }
  if (name && !(name in VIEWS)) throw new TypeError("view");
  const target = /** @type {View} */ (name || "by-hand");
  const here = linked[target];
  const question = rest[0] && here ? here.pattern(await decode(rest[0])) : null;
  return () => {
    lesson.value = null;
    if (question) here.state.value = question;
    view.value = target;
  };
});

/** Keep the address in step: a new entry per view, the same one while a question changes. */
export function keepAddress() {
  let shownView = view.value;
  let timer = 0;
  effect(() => {
    const pushed = view.value !== shownView;
    linked[view.value]?.state.value;
    lesson.value;
    clearTimeout(timer);
    if (isOpening.value) return;
    shownView = view.value;
    timer = setTimeout(async () => {
      const now = await fragment();
      if (isOpening.value || now === location.hash || (now === "#by-hand" && !location.hash)) return;
      history[pushed ? "pushState" : "replaceState"](null, "", now);
    }, pushed ? 0 : 300);
  });
  addEventListener("hashchange", () => open(location.hash)); // also after Back; pushState makes no such event
}
