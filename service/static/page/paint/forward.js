/** The forward pass, for pixels only: surfaces, tiles and curves. No number of it is ever printed. */

/** @typedef {{weights: number[][], biases: number[], activation: string}} Layer */

const sigmoid = (s) => (s >= 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s)));

/** @type {Record<string, {value: (s: number) => number, slope: (s: number) => number}>} */
export const ACTIVATIONS = {
  sigmoid: { value: sigmoid, slope: (s) => sigmoid(s) * (1 - sigmoid(s)) },
  tanh: { value: Math.tanh, slope: (s) => 1 - Math.tanh(s) ** 2 },
  relu: { value: (s) => Math.max(s, 0), slope: (s) => (s > 0 ? 1 : 0) },
  leaky_relu: { value: (s) => (s > 0 ? s : 0.01 * s), slope: (s) => (s > 0 ? 1 : 0.01) },
  softplus: { value: (s) => Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))), slope: sigmoid },
  identity: { value: (s) => s, slope: () => 1 },
};

/** @param {number[]} s */
function softmax(s) {
  const largest = Math.max(...s);
  const powers = s.map((v) => Math.exp(v - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((v) => v / sum);
}

/** x⁽¹⁾, …, x⁽ᴸ⁾. @param {Layer[]} layers @param {number[]} x */
export function forward(layers, x) {
  let below = x;
  return layers.map(({ weights, biases, activation }) => {
    const s = weights.map((row, i) => row.reduce((sum, w, j) => sum + w * below[j], biases[i]));
    below = activation === "softmax" ? softmax(s) : s.map(ACTIVATIONS[activation].value);
    return below;
  });
}

/** Layers out of the flat parameters of a frame: for each layer its weights by rows, then its biases.
 * @param {number[]} sizes @param {string[]} activations @param {ArrayLike<number>} flat */
export function unflatten(sizes, activations, flat) {
  let at = 0;
  const take = (n) => Array.from({ length: n }, () => flat[at++]);
  return activations.map((activation, l) => {
    const weights = Array.from({ length: sizes[l + 1] }, () => take(sizes[l]));
    return { weights, biases: take(sizes[l + 1]), activation };
  });
}
