/** What every unit says over the plane, on a square lattice: pixels for tiles and surface. */
import { ACTIVATIONS } from "./forward.js";

/** @typedef {import("./forward.js").Layer} Layer
 * @typedef {{x: [number, number], y: [number, number]}} Extent */

/** One array of n² values per unit of every layer; rows from the top of the picture down.
 * @param {Layer[]} layers @param {Extent} extent @param {number} n @returns {Float32Array[][]} */
export function field(layers, extent, n) {
  const size = n * n;
  const across = new Float32Array(size);
  const up = new Float32Array(size);
  for (let r = 0, k = 0; r < n; r++)
    for (let c = 0; c < n; c++, k++) {
      across[k] = extent.x[0] + ((c + 0.5) / n) * (extent.x[1] - extent.x[0]);
      up[k] = extent.y[1] - ((r + 0.5) / n) * (extent.y[1] - extent.y[0]);
    }
  let below = layers[0].weights[0].length === 1 ? [across] : [across, up];
  return layers.map(({ weights, biases, activation }) => {
    below = weights.map((row, i) => {
      const s = new Float32Array(size).fill(biases[i]);
      row.forEach((w, j) => {
        const x = below[j];
        for (let k = 0; k < size; k++) s[k] += w * x[k];
      });
      return s;
    });
    if (activation === "softmax") normalize(below, size);
    else {
      const { value } = ACTIVATIONS[activation];
      for (const s of below) for (let k = 0; k < size; k++) s[k] = value(s[k]);
    }
    return below;
  });
}

/** @param {Float32Array[]} units @param {number} size */
function normalize(units, size) {
  for (let k = 0; k < size; k++) {
    let largest = -Infinity;
    let sum = 0;
    for (const s of units) largest = Math.max(largest, s[k]);
    for (const s of units) sum += s[k] = Math.exp(s[k] - largest);
    for (const s of units) s[k] /= sum;
  }
}

/** @typedef {[number, number, number]} Colour */

const LIGHT = { low: [243, 193, 155], middle: [251, 250, 246], high: [163, 202, 235] };
const DARK = { low: [98, 58, 29], middle: [24, 26, 31], high: [31, 73, 112] };
const CLASSES_LIGHT = [[243, 193, 155], [163, 202, 235], [196, 219, 168], [224, 190, 226], [240, 226, 150], [170, 222, 214], [230, 178, 190], [200, 196, 186], [214, 206, 240], [188, 200, 160]];
const CLASSES_DARK = [[112, 62, 24], [30, 84, 132], [62, 92, 36], [96, 50, 98], [104, 88, 20], [26, 92, 84], [104, 44, 58], [78, 76, 70], [70, 60, 112], [64, 74, 38]];

/** Paint the values of a unit between two colours; 0 and 1 are the ends.
 * @param {HTMLCanvasElement} canvas @param {Float32Array[]} units one value, or one per class
 * @param {number} n @param {boolean} dark @param {[number, number]} range */
export function paint(canvas, units, n, dark, range = [0, 1]) {
  if (canvas.width !== n) canvas.width = canvas.height = n;
  const context = (canvas.getContext("2d"));
  const image = context.createImageData(n, n);
  const { low, middle, high } = dark ? DARK : LIGHT;
  const palette = dark ? CLASSES_DARK : CLASSES_LIGHT;
  const pixels = image.data;
  for (let k = 0; k < n * n; k++) {
    let colour;
    if (units.length > 1) {
      let best = 0;
      for (let u = 1; u < units.length; u++) if (units[u][k] > units[best][k]) best = u;
      colour = palette[best % palette.length];
    } else {
      const share = Math.min(Math.max((units[0][k] - range[0]) / (range[1] - range[0]), 0), 1);
      const t = Math.min(1, Math.abs(share - 0.5) * 2.6);
      const end = share < 0.5 ? low : high;
      colour = middle.map((m, c) => m + (end[c] - m) * t);
    }
    pixels[4 * k] = colour[0];
    pixels[4 * k + 1] = colour[1];
    pixels[4 * k + 2] = colour[2];
    pixels[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
