/** Scales and ticks. Ticks are round numbers of the axis, not results. */

/** @typedef {{at: (v: number) => number, back: (p: number) => number, ticks: number[]}} Scale */

/** @param {number} low @param {number} high @param {number} from @param {number} to @param {number} [count]
 * @returns {Scale} */
export function linear(low, high, from, to, count = 5) {
  const span = high - low || 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((m) => m * power >= raw)) * power;
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + span * 1e-9; k++) ticks.push(Number((k * step).toPrecision(12)));
  return {
    at: (v) => from + ((v - low) / span) * (to - from),
    back: (p) => low + ((p - from) / (to - from)) * span,
    ticks,
  };
}

/** @param {number} low @param {number} high @param {number} from @param {number} to @returns {Scale} */
export function logarithmic(low, high, from, to) {
  const inner = linear(Math.log10(low), Math.log10(high), from, to);
  const decades = Math.log10(high / low);
  const marks = decades < 1.2 ? [1, 2, 3, 5] : decades < 4 ? [1, 3] : [1];
  const ticks = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const m of marks) {
      const tick = Number((m * 10 ** e).toPrecision(3));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  const least = 6;
  return {
    at: (v) => inner.at(Math.log10(Math.max(v, 1e-300))), back: (p) => 10 ** inner.back(p),
    ticks: ticks.length > least ? ticks.filter((_, k) => k % Math.ceil(ticks.length / least) === 0) : ticks,
  };
}

/** An interval with a margin around values. @param {number[]} values @param {number} share */
export function around(values, share) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const margin = (high - low || 1) * share;
  return [low - margin, high + margin];
}

/** @param {number[][]} points each of two */
export const path = (points) => points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
