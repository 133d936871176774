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
          const [answer, entries] = await Promise.all([ask("POST", "/backprop", { json: bodyOf(q) }), solution(q)]);
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

/** The lines of every number by its pointer. @param {any} q */
async function solution(q) {
  const entries = new Map();
  try {
    const { data } = await ask("POST", "/solution", { json: { ...bodyOf(q), eta: q.eta, ...roundingOf(q), each: true } });
    for (const step of data.steps) for (const entry of step.entries) entries.set(entry.pointer.slice(1), lineOf(entry));
  } catch (refusal) {
    // A network too large to be written out still has its numbers.
  }
  return entries;
}

/** An entry of /solution with its formulas as MathML. @param {any} entry */
export const lineOf = (entry) => ({ ...entry, ...entry.mathml, pointer: entry.pointer.slice(1) });
