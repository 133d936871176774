/** A training on a stored table, and the model that it becomes. */
import { signal } from "../vendor/preact.js";
import { ask, follow } from "../ask.js";

export const dataset = signal(null);
export const uploading = signal(false);
export const job = signal(null);
export const curve = signal(null);
export const answer = signal(null);
export const problem = signal(null);

const SAMPLE = "iris.csv";
const HISTORY_POINTS = 300;

/** Send a file; of the same name and content there is one already. @param {string} name @param {Blob | string} content */
export async function upload(name, content) {
  uploading.value = true;
  problem.value = null;
  try {
    const path = `/datasets?name=${encodeURIComponent(name.slice(0, 200))}`;
    const sent = await ask("POST", path, { body: content, type: "text/csv" });
    answer.value = sent;
    dataset.value = sent.data;
    job.value = null;
    curve.value = null;
  } catch (refusal) {
    problem.value = refusal;
  } finally {
    uploading.value = false;
  }
}

/** The table that the view opens with: that of an earlier visit, or the sample. */
export async function openSample() {
  try {
    const { data } = await ask("GET", "/datasets?limit=50");
    const known = data.stored?.find((one) => one.name === SAMPLE);
    if (known) {
      answer.value = await ask("GET", `/datasets/${known.id}`);
      dataset.value = answer.value.data;
      return;
    }
    const file = await fetch(new URL(`../sample/${SAMPLE}`, import.meta.url));
    await upload(SAMPLE, await file.text());
  } catch (refusal) {
    problem.value = refusal;
  }
}

let abort = new AbortController();

/** @param {any} body */
export async function trainTable(body) {
  abort.abort();
  abort = new AbortController();
  const mine = abort.signal;
  problem.value = null;
  curve.value = null;
  try {
    const sent = await ask("POST", "/train", { json: body, signal: mine });
    answer.value = sent;
    job.value = sent.data;
    await follow(sent.data.id, (data) => {
      if (mine.aborted || !data) return;
      job.value = data;
      loadCurve(data.id, mine);
    }, mine);
  } catch (refusal) {
    if (!mine.aborted) problem.value = refusal;
  }
}

/** @param {string} id @param {AbortSignal} mine */
async function loadCurve(id, mine) {
  try {
    const { data } = await ask("GET", `/train/${id}/history?points=${HISTORY_POINTS}`, { signal: mine });
    if (!mine.aborted) curve.value = data;
  } catch {
    // It is asked for again at the next event.
  }
}
