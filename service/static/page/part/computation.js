/** What the service computes of a network, x and y: /backprop for the numbers, /solution for the lines. */
import { effect, signal, untracked } from "../vendor/preact.js";
import { ask, latest } from "../ask.js";

/** `written` is the question that the lines, `entries`, are of.
 * @typedef {{backprop: any, entries: Map<string, any>, written: any, question: any, answer: any}} Computed */

/** @param {any} q the question of By hand */
export function bodyOf(q) {
  return { network: { layers: q.layers }, x: q.x, y: q.y, loss: q.loss };
}

/** @param {any} q */
export const roundingOf = (q) => ({ [q.kind]: q.n, rounding: q.rounding });

/** Keep an answer in step with a question: one request for its numbers in flight, the newest one next. The lines take
 * several times as long to write, so that the drawing does not wait for them, and lines of an older question are left.
 * @param {{value: any}} state */
export function computation(state) {
  const computed = signal(null);
  const problem = signal(null);
  const stale = signal(false);
  const run = latest();
  let asked = "";
  let older = new AbortController();
  const start = () => effect(() => {
    const q = state.value;
    const { layers, x, y, loss, eta, kind, n, rounding } = q;
    const key = JSON.stringify([layers, x, y, loss, eta, kind, n, rounding]);
    if (key === asked) return;
    asked = key;
    older.abort();
    const abort = older = new AbortController();
    untracked(() => {
      const dim = setTimeout(() => (stale.value = true), 150);
      run(async () => {
        try {
          const numbers = ask("POST", "/backprop", { json: bodyOf(q) });
          const lines = solution(q, abort.signal);
          const answer = await numbers;
          const before = computed.value;
          if (rounding === "display" && before && shapeOf(before.question) === shapeOf(q)) {
            computed.value = { ...before, backprop: answer.data, question: q, answer };
            stale.value = false;
            clearTimeout(dim);
          }
          problem.value = null;
          const entries = await lines;
          if (abort.signal.aborted) return;
          computed.value = { backprop: answer.data, entries, written: q, question: q, answer };
          stale.value = false;
        } catch (refusal) {
          problem.value = refusal;
          stale.value = true;
          asked = "";
        } finally {
          clearTimeout(dim);
        }
      });
    });
  });
  return { computed, problem, stale, start };
}

/** @param {any} q */
const shapeOf = ({ layers, loss }) => JSON.stringify([loss, ...layers.map((layer) => [layer.activation, layer.biases.length])]);

/** The lines of every number by its pointer. @param {any} q @param {AbortSignal} abort */
async function solution(q, abort) {
  const entries = new Map();
  try {
    const { data } = await ask("POST", "/solution", { json: { ...bodyOf(q), eta: q.eta, ...roundingOf(q), each: true }, signal: abort });
    for (const step of data.steps) for (const entry of step.entries) entries.set(entry.pointer.slice(1), lineOf(entry));
  } catch {
    // A network too large to be written out still has its numbers.
  }
  return entries;
}

/** An entry of /solution with its formulas as MathML. @param {any} entry */
export const lineOf = (entry) => ({ ...entry, ...entry.mathml, pointer: entry.pointer.slice(1) });
