/** The line on which a field has one value: marching squares. */

/** Segments in the unit square, y downwards. @param {Float32Array} values @param {number} n
 * @param {number} level @returns {[number, number, number, number][]} */
export function contour(values, n, level) {
  /** @type {[number, number, number, number][]} */
  const segments = [];
  const at = (r, c) => values[r * n + c] - level;
  const place = (k) => (k + 0.5) / n;
  for (let r = 0; r + 1 < n; r++)
    for (let c = 0; c + 1 < n; c++) {
      const corners = [at(r, c), at(r, c + 1), at(r + 1, c + 1), at(r + 1, c)];
      const positions = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      /** @type {[number, number][]} */
      const crossings = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [corners[k], corners[(k + 1) % 4]];
        if (a > 0 === b > 0) continue;
        const t = a / (a - b);
        const [[x1, y1], [x2, y2]] = [positions[k], positions[(k + 1) % 4]];
        crossings.push([place(x1 + (x2 - x1) * t), place(y1 + (y2 - y1) * t)]);
      }
      for (let k = 0; k + 1 < crossings.length; k += 2) segments.push([...crossings[k], ...crossings[k + 1]]);
    }
  return segments;
}
