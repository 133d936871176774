/** A training as the page follows it: the job, its frames, and the player over them. */
import { batch, computed, signal } from "../vendor/preact.js";
import { Problem, ask, follow } from "../ask.js";
import { unflatten } from "../paint/forward.js";
import { still } from "./screen.js";

/** @typedef {{sizes: number[], iteration: number[], loss: number[], parameters: number[][]}} Frames */

const NO_FRAMES = ({ sizes: [], iteration: [], loss: [], parameters: [] });
const MAX_FRAMES = 240;
const FRAMES_PER_SECOND = 30;
const SLOW_FRAMES_PER_SECOND = 2;
const SURE_SECONDS = 2;
const KEY_PREFIX = "chainrule-page-";

export const job = signal(null);
export const frames = signal(NO_FRAMES);
export const at = signal(0);
export const playing = signal(false);
export const speed = signal(1);
export const problem = signal(null);
export const lastAnswer = signal(null);
/** Seconds that a training would take, when it is too long to start by itself. */
export const offered = signal(null);
export const asked = signal(null);

/** The layers of the frame shown. */
export const layers = computed(() => {
  const { sizes, parameters } = frames.value;
  const flat = parameters[Math.min(at.value, parameters.length - 1)];
  if (!flat) return null;
  return unflatten(sizes, asked.value.activations, flat);
});

let abort = new AbortController();
/** Whether the reader has chosen a frame of this training, which then stays. */
let isSought = false;

/** @param {any} body @param {string[]} activations @param {{sure?: boolean, key?: string, of?: string}} [how] `of` is what the reader asked for */
export async function train(body, activations, how = {}) {
  abort.abort();
  abort = new AbortController();
  const mine = abort.signal;
  problem.value = null;
  offered.value = null;
  try {
    if (!how.sure) {
      const estimate = await ask("POST", "/train/estimate", { json: body, signal: mine });
      if (estimate.data.seconds > SURE_SECONDS) {
        offered.value = estimate.data.seconds;
        return;
      }
    }
    const answer = await submit(body, how.key, mine);
    batch(() => {
      asked.value = { body, activations, of: how.of };
      job.value = answer.data;
      frames.value = NO_FRAMES;
      at.value = 0;
      isSought = false;
      lastAnswer.value = answer;
    });
    playing.value = !still.value;
    tick();
    await watch(answer.data, mine);
  } catch (refusal) {
    if (!mine.aborted) problem.value = refusal;
  }
}

/** With a fixed key all visits of a caller share one job; a key that is used up gives way to the next.
 * @param {any} body @param {string | undefined} key @param {AbortSignal} mine */
export async function submit(body, key, mine) {
  for (let attempt = 1; ; attempt++) {
    const name = key ? `${KEY_PREFIX}${key}-${attempt}` : `${KEY_PREFIX}${fresh()}`;
    try {
      const answer = await ask("POST", "/train", { json: body, headers: { "Idempotency-Key": name }, signal: mine });
      if (!["failed", "cancelled"].includes(answer.data.state) || !key || attempt > 8) return answer;
    } catch (refusal) {
      const isUsed = refusal instanceof Problem && (refusal.status === 404 || (refusal.status === 422 && refusal.errors[0]?.pointer === "/header/idempotency-key"));
      if (!isUsed || !key || attempt > 8) throw refusal;
    }
  }
}

const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");

/** @param {any} accepted @param {AbortSignal} mine */
async function watch(accepted, mine) {
  const { id } = accepted;
  await follow(accepted, (data) => {
    if (mine.aborted || !data) return;
    job.value = data;
    more(id, mine);
  }, mine);
  if (mine.aborted) return;
  await more(id, mine);
  if (!frames.value.iteration.length && job.value?.state === "succeeded") await withoutFrames(id, mine);
  if (still.value && !isSought) at.value = Math.max(frames.value.iteration.length - 1, 0);
}

let fetching = Promise.resolve();

/** The frames after the last one here. @param {string} id @param {AbortSignal} mine */
function more(id, mine) {
  if (asked.value.body.restarts) return fetching; // only a single training keeps frames
  fetching = fetching.then(async () => {
    try {
      const have = frames.value;
      const last = have.iteration.at(-1) ?? -1;
      const { data } = await ask("GET", `/train/${id}/frames?after=${last}&at_most=${MAX_FRAMES}`, { signal: mine });
      if (mine.aborted || !data.iteration.length) return;
      frames.value = {
        sizes: data.sizes, iteration: [...have.iteration, ...data.iteration],
        loss: [...have.loss, ...data.loss], parameters: [...have.parameters, ...data.parameters],
      };
    } catch {
      // The curve and the last network are shown instead.
    }
  });
  return fetching;
}

const MAX_REPLAYED = 40;

/** A service that keeps no frames recomputes some iterations; the ones between show the one before.
 * @param {string} id @param {AbortSignal} mine */
async function withoutFrames(id, mine) {
  const history = await ask("GET", `/train/${id}/history?points=${MAX_FRAMES}`, { signal: mine });
  const { iteration, loss } = history.data;
  const end = iteration.length - 1;
  const parameters = [];
  const apart = Math.max(1, Math.ceil(end / MAX_REPLAYED));
  for (let n = 0; n <= end; n++) {
    if (n % apart === 0 || n === end) {
      const path = n === end ? `/train/${id}/network` : `/train/${id}/steps/${iteration[n] + 1}`;
      const { data } = await ask("GET", path, { signal: mine });
      const net = n === end ? data.layers : data.network.layers;
      const sizes = [net[0].weights[0].length, ...net.map((layer) => layer.biases.length)];
      parameters.push(net.flatMap((layer) => [...layer.weights.flat(), ...layer.biases]));
      frames.value = { sizes, iteration: iteration.slice(0, n + 1), loss: loss.slice(0, n + 1), parameters: [...parameters] };
    } else parameters.push(parameters.at(-1));
  }
}

let last = 0;
let owed = 0;
let ticking = false;

function tick() {
  if (ticking) return;
  ticking = true;
  last = performance.now();
  requestAnimationFrame(advance);
}

/** @param {number} now */
function advance(now) {
  if (!playing.value) {
    ticking = false;
    return;
  }
  const rate = still.value ? SLOW_FRAMES_PER_SECOND : FRAMES_PER_SECOND * speed.value;
  owed += ((now - last) / 1000) * rate;
  last = now;
  const end = frames.value.iteration.length - 1;
  const whole = Math.floor(owed);
  owed -= whole;
  if (whole && end >= 0) at.value = Math.min(at.value + whole, end);
  if (end >= 0 && at.value >= end && job.value && !["queued", "running", "cancelling"].includes(job.value.state)) playing.value = false;
  requestAnimationFrame(advance);
}

export function togglePlay() {
  if (!playing.value && at.value >= frames.value.iteration.length - 1) at.value = 0;
  playing.value = !playing.value;
  if (playing.value) tick();
}

/** @param {number} index */
export function seek(index) {
  isSought = true;
  playing.value = false;
  at.value = index;
}

export async function stop() {
  if (job.value) await ask("POST", `/train/${job.value.id}/cancel`).catch(() => {});
}

export const isRunning = computed(() => ["queued", "running", "cancelling"].includes(job.value?.state));
