/** A row of the table in By hand: the trained network, which scales its inputs itself, the row's x and y. */
import { ask } from "../ask.js";
import { view } from "../state.js";
import { GOLDEN, set } from "./by_hand_state.js";
import { job } from "./table_training.js";

/** Raises `Problem`. @param {import("./table_rows.js").Row} row */
export async function byHandOf(row) {
  const { data } = await ask("GET", `/train/${job.value.id}/network`);
  set({ ...GOLDEN, layers: data.layers, x: row.x, y: row.y, loss: job.value.training.loss, step: 2 * data.layers.length + 1 });
  view.value = "by-hand";
}
