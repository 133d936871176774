/** A training on a stored table, and the model that it becomes. */
import { batch, signal } from "../vendor/preact.js";
import { ask, follow, latest } from "../ask.js";
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

let tables = 0;

/** Send a file; of the same name and content there is one already. The table shown is the one chosen last.
 * @param {string} name @param {Blob | string} content */
export async function upload(name, content) {
  const mine = ++tables;
  uploading.value = true;
  problem.value = null;
  try {
    const path = `/datasets?name=${encodeURIComponent(name.slice(0, 200))}`;
    const sent = await ask("POST", path, { body: content, type: "text/csv" });
    if (mine !== tables) return;
    batch(() => {
      answer.value = sent;
      dataset.value = sent.data;
      job.value = null;
      curve.value = null;
      evaluation.value = null;
    });
  } catch (refusal) {
    if (mine === tables) problem.value = refusal;
  } finally {
    if (mine === tables) uploading.value = false;
  }
}

/** The table that the view opens with: that of an earlier visit, or the sample. */
export async function openSample() {
  const mine = tables;
  try {
    const { data } = await ask("GET", "/datasets?limit=50");
    const known = data.stored?.find((one) => one.name === SAMPLE);
    if (known) {
      const found = await ask("GET", `/datasets/${known.id}`);
      if (mine !== tables) return; // the reader has chosen a table since
      answer.value = found;
      dataset.value = found.data;
      return;
    }
    const file = await fetch(new URL(`../sample/${SAMPLE}`, import.meta.url));
    const text = await file.text();
    if (mine === tables) await upload(SAMPLE, text);
  } catch (refusal) {
    problem.value = refusal;
  }
}

let abort = new AbortController();
const runCurve = latest();

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
    await follow(sent.data, (data) => {
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
const loadCurve = (id, mine) => runCurve(async () => {
  if (mine.aborted) return;
  try {
    const { data } = await ask("GET", `/train/${id}/history?points=${HISTORY_POINTS}`, { signal: mine });
    if (!mine.aborted) curve.value = data;
  } catch {
    // It is asked for again at the next event.
  }
});
