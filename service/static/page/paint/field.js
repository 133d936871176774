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

const SHADES = 512;
const ramps = new Map();

/** The shades from one colour over the middle to the other, each a pixel (RGBA, little-endian). @param {boolean} dark @returns {Uint32Array} */
function ramp(dark) {
  const known = ramps.get(dark);
  if (known) return known;
  const { low, middle, high } = dark ? DARK : LIGHT;
  const shades = Uint32Array.from({ length: SHADES + 1 }, (_, k) => {
    const share = k / SHADES;
    const t = Math.min(1, Math.abs(share - 0.5) * 2.6);
    const end = share < 0.5 ? low : high;
    return pixel(middle.map((m, c) => m + (end[c] - m) * t));
  });
  ramps.set(dark, shades);
  return shades;
}

/** @param {number[]} colour */
const pixel = ([r, g, b]) => (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);

/** Paint the values of a unit between two colours; 0 and 1 are the ends.
 * @param {HTMLCanvasElement} canvas @param {Float32Array[]} units one value, or one per class
 * @param {number} n @param {boolean} dark @param {[number, number]} range */
export function paint(canvas, units, n, dark, range = [0, 1]) {
  if (canvas.width !== n) canvas.width = canvas.height = n;
  const context = (canvas.getContext("2d"));
  const image = context.createImageData(n, n);
  const pixels = new Uint32Array(image.data.buffer);
  if (units.length > 1) {
    const palette = (dark ? CLASSES_DARK : CLASSES_LIGHT).map(pixel);
    for (let k = 0; k < n * n; k++) {
      let best = 0;
      for (let u = 1; u < units.length; u++) if (units[u][k] > units[best][k]) best = u;
      pixels[k] = palette[best % palette.length];
    }
  } else {
    const shades = ramp(dark);
    const [values] = units;
    const scale = SHADES / (range[1] - range[0]);
    for (let k = 0; k < n * n; k++) pixels[k] = shades[Math.round(Math.min(Math.max((values[k] - range[0]) * scale, 0), SHADES))];
  }
  context.putImageData(image, 0, 0);
}
