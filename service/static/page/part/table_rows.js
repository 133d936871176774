/** The rows of a training as they stood in the table, each with what the network says of it. */
import { signal } from "../vendor/preact.js";
import { ask } from "../ask.js";

/** @typedef {{number: number, cells: any[], x: number[], y: number[], truth: any, said: any}} Row */

const MAX_ROWS = 10_000;

/** Rows of one part of a job; null while unknown. */
export const rows = signal(/** @type {{job: string, part: string, columns: string[], rows: Row[]} | null} */ (null));
/** The row that the fields of the prediction were filled from. */
export const picked = signal(/** @type {Row | null} */ (null));

/** Load a part: "training", "validation" or "test". Raises `Problem`.
 * @param {any} job @param {any} table the data set @param {string} part */
export async function loadRows(job, table, part) {
  if (rows.value?.job === job.id && rows.value.part === part) return;
  const { features, target } = job.training.data;
  const [{ data: stored }, { data: encoded }] = await Promise.all([
    ask("GET", `/datasets/${table.id}/rows?limit=${MAX_ROWS}`), ask("GET", `/train/${job.id}/data?limit=${MAX_ROWS}`),
  ]);
  const places = features.map((name) => stored.columns.indexOf(name));
  const [goal] = target.map((name) => stored.columns.indexOf(name));
  const numbered = stored.rows.map((cells, k) => ({ number: k + 1, cells }));
  const used = numbered.length === encoded.x.length ? numbered : numbered.filter(({ cells }) => [...places, goal].every((c) => cells[c] !== null));
  const chosen = used.map((row, k) => ({ ...row, k })).filter(({ k }) => encoded.part[k] === part);
  if (!chosen.length) return void (rows.value = { job: job.id, part, columns: features, rows: [] });
  const { data } = await ask("POST", `/train/${job.id}/predict`, { json: { rows: chosen.map(({ cells }) => places.map((c) => cells[c])) } });
  rows.value = {
    job: job.id, part, columns: features,
    rows: chosen.map(({ number, cells, k }, n) => ({ number, cells: places.map((c) => cells[c]), x: encoded.x[k], y: encoded.y[k], truth: cells[goal], said: data.predictions[n] })),
  };
}

/** Whether a class is the one that was predicted. @param {Row} row */
export const isWrong = (row) => String(row.truth) !== String(row.said);
