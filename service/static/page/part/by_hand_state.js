/** The question of By hand, the step shown, and what the service computed of it. */
import { computed, signal } from "../vendor/preact.js";
import { is, linkedState, network } from "../state.js";
import { changed } from "./anchors.js";
import { computation } from "./computation.js";
import { takesLessons } from "./lesson.js";
import { judged } from "./judged.js";
import { entriesOf, stepsOf } from "./steps.js";

export const GOLDEN = {
  layers: [
    { weights: [[0.1, -0.2], [-0.4, -0.8], [0.6, 0.6]], biases: [0.2, -0.4, 0.4], activation: "sigmoid" },
    { weights: [[0.4, 0.2, 0.2], [0.1, 0.3, 0.5]], biases: [-0.6, 0.5], activation: "sigmoid" },
  ],
  x: [1, 2], y: [0, 1], loss: "squared", eta: 0.5,
  kind: "significant_digits", n: 4, rounding: "display", step: 5, entry: 0, trace: null, samples: null, sample: 0,
};

export const MAX_SAMPLES = 50;

export const byHand = linkedState("by-hand", GOLDEN, (v) => ({
  ...is.fields({
    layers: network, x: is.list(is.number, 100), y: is.list(is.number, 100),
    loss: is.text(40), eta: is.number,
    kind: is.one(["significant_digits", "decimals"]), n: is.whole(1, 15), rounding: is.one(["display", "each_step"]),
    step: is.whole(0, 100), entry: is.whole(0, 10_000), trace: is.maybe(is.text(100)),
    samples: is.maybe(is.list(is.list(is.list(is.number, 100), 2), MAX_SAMPLES)), sample: is.whole(0, MAX_SAMPLES - 1),
  })({ samples: null, sample: 0, ...v }),
}));

export const { computed: result, problem, stale, start } = computation(byHand);
export const editing = signal(null);
export const roving = signal("/x/0");
export const steps = computed(() => stepsOf(byHand.value.layers.length));
/** The step shown: while the page runs forward by itself, that of the run. */
export const runAt = signal(null);

export function set(part) {
  const next = { ...byHand.value, ...part };
  if (next.samples && !part.samples) next.samples = next.samples.map((pair, k) => (k === next.sample ? [next.x, next.y] : pair));
  byHand.value = next;
}

/** Every sample of the batch, each an x and a y; without one, the sample alone. @param {any} q @returns {number[][][]} */
export const samplesOf = (q) => q.samples ?? [[q.x, q.y]];

/** Show a sample of a batch. @param {number[][][]} samples @param {number} k */
export const toSample = (samples, k) => set({ samples: samples.length > 1 ? samples : null, sample: k, x: samples[k][0], y: samples[k][1] });
export const toStep = (k) => {
  runAt.value = null;
  set({ step: Math.min(Math.max(k, 0), steps.value.length - 1), entry: 0, trace: null });
};

/** ↑ ↓ within a step. @param {number} by */
export function toEntry(by) {
  const { layers, x, entry, step } = byHand.value;
  const count = entriesOf(steps.value[step], layers, x).length;
  set({ entry: (entry + by + count) % count });
}

/** Home and End of the step's group. @param {boolean} end */
export function toGroup(end) {
  const group = steps.value[byHand.value.step].group;
  const members = steps.value.map((s, k) => (s.group === group ? k : -1)).filter((k) => k >= 0);
  toStep((end ? members.at(-1) : members[0]));
}

/** @param {string} pointer @param {number} value */
export const change = (pointer, value) => set(changed(byHand.value, pointer, value));

takesLessons("by-hand", (state) => {
  judged.value = null;
  set({ ...GOLDEN, ...state });
}, () => ({ question: byHand.value, judged: judged.value, trace: byHand.value.trace }));
