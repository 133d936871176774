/** The numbers of a question in its drawing: where each stands, its pointer and its name. */
import { labels } from "../paint/geometry.js";
import { exact } from "../paint/number.js";

/** @param {import("../paint/geometry.js").Plan} p @param {any[]} layers @param {number[]} x @param {number[]} y */
export function anchorsOf(p, layers, x, y) {
  const places = labels(p, layers.map((layer) => layer.weights.map((r) => r.map(exact))));
  const last = layers.length - 1;
  const unit = (l, i) =>
    l < 0 ? `x${i + 1}` : `${l === last ? "output" : last === 1 ? "hidden" : `layer ${l + 1} unit`} ${i + 1}`;
  const weights = layers.flatMap((layer, l) =>
    layer.weights.flatMap((row, i) =>
      row.map((value, j) => {
        const at = (places[l].get(`${i}/${j}`));
        return {
          pointer: `/network/layers/${l}/weights/${i}/${j}`, edge: `${l}/${i}/${j}`, value,
          text: exact(value), x: at.x, y: at.y + 5, label: `weight from ${unit(l - 1, j)} to ${unit(l, i)}`,
        };
      })),
  );
  const biases = layers.map((layer, l) =>
    layer.biases.map((value, i) => ({
      pointer: `/network/layers/${l}/biases/${i}`, value, text: exact(value),
      spoken: `b ${exact(value)}`, x: p.units[l][i].x, y: p.units[l][i].y, label: `bias of ${unit(l, i)}`,
    })));
  const inputs = x.map((value, j) => ({
    pointer: `/x/${j}`, value, text: exact(value), x: p.inputs[j].x, y: p.inputs[j].y + 6, label: `input x${j + 1}`,
  }));
  const targets = y.map((value, k) => ({
    pointer: `/y/${k}`, value, text: exact(value), x: p.targets[k].x, y: p.targets[k].y + 6, label: `target y${k + 1}`,
  }));
  return { weights, biases, inputs, targets };
}

/** @param {any} question @param {string} pointer @param {number} value the question with that number changed */
export function changed(question, pointer, value) {
  const path = pointer.split("/").slice(1).filter((part) => part !== "network");
  /** @type {(here: any, path: any[]) => any} */
  const put = (here, [name, ...rest]) => {
    const copy = Array.isArray(here) ? [...here] : { ...here };
    copy[name] = rest.length ? put(here[name], rest) : value;
    return copy;
  };
  return put(question, path);
}
