/** What the service computes of a network, x and y: /backprop for the numbers, /solution for the lines. */
import { effect, signal, untracked } from "../vendor/preact.js";
import { ask, latest } from "../ask.js";

/** @typedef {{backprop: any, entries: Map<string, any>, question: any, answer: any}} Computed */

/** @param {any} q the question of By hand */
export function bodyOf(q) {
  return { network: { layers: q.layers }, x: q.x, y: q.y, loss: q.loss };
}

/** @param {any} q */
export const roundingOf = (q) => ({ [q.kind]: q.n, rounding: q.rounding });

/** Keep an answer in step with a question: one request in flight, the newest one next.
 * @param {{value: any}} state */
export function computation(state) {
  const computed = signal(null);
  const problem = signal(null);
  const stale = signal(false);
  const run = latest();
  let asked = "";
  const start = () => effect(() => {
    const q = state.value;
    const { layers, x, y, loss, eta, kind, n, rounding } = q;
    const key = JSON.stringify([layers, x, y, loss, eta, kind, n, rounding]);
    if (key === asked) return;
    asked = key;
    untracked(() => {
      const dim = setTimeout(() => (stale.value = true), 150);
      run(async () => {
        try {
          const answer = await ask("POST", "/backprop", { json: bodyOf(q) });
          const entries = await solution(q);
          computed.value = { backprop: answer.data, entries, question: q, answer };
          problem.value = null;
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

/** The lines of every number by its pointer; none where the service writes whole vectors only.
 * @param {any} q */
async function solution(q) {
  const json = { ...bodyOf(q), eta: q.eta, ...roundingOf(q), each: true };
  const entries = new Map();
  try {
    const { data } = await ask("POST", "/solution", { json });
    for (const step of data.steps) {
      for (const entry of step.entries ?? []) entries.set(entry.pointer.replace(/^\//, ""), lineOf(entry));
      if (!step.entries) spread(step, entries);
    }
  } catch (refusal) {
    // A network too large to be written out still has its numbers.
  }
  return entries;
}

/** @param {any} entry */
function lineOf(entry) {
  const { pointer, value, mathml } = entry;
  return { pointer: pointer.replace(/^\//, ""), value, ...(mathml ?? entry) };
}

/** Values without lines, one per number. @param {any} step @param {Map<string, any>} entries */
function spread(step, entries) {
  const put = (pointer, value) =>
    Array.isArray(value) ? value.forEach((v, k) => put(`${pointer}/${k}`, v)) : entries.set(pointer, { pointer, value });
  put(step.id, step.value);
}
