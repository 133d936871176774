/** Numbers got by hand: their pointers in the order of the derivation, and how /check takes them. */
import { parse } from "../paint/number.js";

/** Layer-wise quantities above the drawing's own; per unit or per weight. */
const BACKWARD = ["x_gradient", "slope", "delta", "weights_gradient", "biases_gradient"];
const UPDATE = ["updated_weights", "updated_biases"];
export const TITLES = ({
  s: (l) => ["", "s", l], x: (l) => ["", "x", l],
  x_gradient: (l) => ["∂E/∂", "x", l], slope: (l) => ["σ′ at ", "s", l], delta: (l) => ["", "δ", l],
  weights_gradient: (l) => ["∂E/∂", "w", l], biases_gradient: (l) => ["∂E/∂", "b", l],
  updated_weights: (l) => ["new ", "w", l], updated_biases: (l) => ["new ", "b", l],
});

/** @typedef {{pointer: string, l: number, name: string, i: number, j: number | null}} Slot */

/** @param {any[]} layers @param {boolean} backward @param {boolean} update @returns {Slot[]} */
export function slotsOf(layers, backward, update) {
  /** @type {Slot[]} */
  const slots = [];
  const add = (l, name) =>
    layers[l].weights.forEach((row, i) => {
      const base = `/layers/${l}/${name}/${i}`;
      if (name.includes("weights")) row.forEach((_, j) => slots.push({ pointer: `${base}/${j}`, l, name, i, j }));
      else slots.push({ pointer: base, l, name, i, j: null });
    });
  layers.forEach((_, l) => ["s", "x"].forEach((name) => add(l, name)));
  if (!backward) return slots;
  slots.push({ pointer: "/loss", l: layers.length, name: "loss", i: 0, j: null });
  for (let l = layers.length - 1; l >= 0; l--) BACKWARD.forEach((name) => add(l, name));
  if (update) for (let l = layers.length - 1; l >= 0; l--) UPDATE.forEach((name) => add(l, name));
  return slots;
}

/** The body's `answers`: nested rows, null for what is not there. Texts that are no numbers stay out.
 * @param {Record<string, string>} texts @param {Slot[]} slots @param {any[]} layers */
export function answersOf(texts, slots, layers) {
  /** @type {any} */
  const answers = { layers: [] };
  for (const { pointer, l, name, i, j } of slots) {
    const read = texts[pointer] ? parse(texts[pointer]) : null;
    if (!read || "error" in read) continue;
    if (name === "loss") {
      answers.loss = read.value;
      continue;
    }
    while (answers.layers.length <= l) answers.layers.push({});
    const { weights } = layers[l];
    const layer = answers.layers[l];
    layer[name] ??= weights.map((row) => (j === null ? null : row.map(() => null)));
    if (j === null) layer[name][i] = read.value;
    else layer[name][i][j] = read.value;
  }
  return answers;
}

/** A pasted column or row. @param {string} text */
export function pasted(text) {
  const cells = text.trim().split(/[\n\r\t;]+/).map((cell) => cell.trim()).filter(Boolean);
  if (cells.length > 1) return cells;
  const spaced = text.trim().split(/,\s+|\s+/).filter(Boolean);
  return spaced.length > 1 || /,.*,/.test(text) === false ? spaced : text.trim().split(",");
}
