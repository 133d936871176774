/** A training on a stored table, and the model that it becomes. */
import { batch, signal } from "../vendor/preact.js";
import { ask, follow } from "../ask.js";
import { submit } from "./training.js";

export const dataset = signal(null);
export const uploading = signal(false);
export const job = signal(null);
export const curve = signal(null);
export const answer = signal(null);
/** How good the network is on each part of the rows, once it is trained. */
export const evaluation = signal(null);
export const problem = signal(null);
/** The model that the training was saved as, and the version that predicts. */
export const modelName = signal("");
export const modelVersion = signal("");

const SAMPLE = "iris.csv";
const HISTORY_POINTS = 300;

/** Send a file; of the same name and content there is one already. @param {string} name @param {Blob | string} content */
export async function upload(name, content) {
  uploading.value = true;
  problem.value = null;
  try {
    const path = `/datasets?name=${encodeURIComponent(name.slice(0, 200))}`;
    const sent = await ask("POST", path, { body: content, type: "text/csv" });
    batch(() => {
      answer.value = sent;
      dataset.value = sent.data;
      job.value = null;
      curve.value = null;
      evaluation.value = null;
    });
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

/** FNV-1a: the same question is the same job, however often the view is opened. @param {string} text */
function fingerprint(text) {
  let hash = 0xcbf29ce484222325n;
  for (const letter of text) hash = BigInt.asUintN(64, (hash ^ BigInt(letter.codePointAt(0))) * 0x100000001b3n);
  return hash.toString(36);
}

/** @param {any} body */
export async function trainTable(body) {
  abort.abort();
  abort = new AbortController();
  const mine = abort.signal;
  problem.value = null;
  curve.value = null;
  evaluation.value = null;
  modelName.value = "";
  try {
    const sent = await submit(body, `table-${fingerprint(JSON.stringify(body))}`, mine);
    answer.value = sent;
    job.value = sent.data;
    await follow(sent.data.id, (data) => {
      if (mine.aborted || !data) return;
      job.value = data;
      loadCurve(data.id, mine);
    }, mine);
    if (mine.aborted || job.value?.state !== "succeeded") return;
    const measured = await ask("GET", `/train/${job.value.id}/evaluation`, { signal: mine });
    if (!mine.aborted) evaluation.value = measured.data;
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
