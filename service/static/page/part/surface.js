/** The output over the plane: canvas below, points, axes and the line ½ above. */
import { html, useEffect, useMemo, useRef } from "../vendor/preact.js";
import { contour } from "../paint/contour.js";
import { field, paint } from "../paint/field.js";
import { exact } from "../paint/number.js";
import { linear } from "../paint/scale.js";
import { placeOf, pointer } from "./drawn_points.js";
import { dark } from "./screen.js";

const WIDTH = 421;
const HEIGHT = 363;
const LEFT = 24;
const PLAYING = 48;
const RESTING = 96;

const SHAPES = ["M0-4.2L4.2 0L0 4.2L-4.2 0Z", "", "M0-4.6L4.2 3.4H-4.2Z", "M-3.4-3.4H3.4V3.4H-3.4Z", "M-4 0H4M0-4V4"];

/** @param {{c: number, x: number, y: number}} props */
const Dot = ({ c, x, y }) =>
  c === 1 ? html`<circle class="pt1" cx=${x} cy=${y} r="3.6" />`
    : html`<path class=${c === 0 ? "pt0" : "ptn"} d=${SHAPES[c % SHAPES.length] || SHAPES[2]} transform=${`translate(${x} ${y})`} />`;

/** @param {{layers: any[] | null, points: {x: number[][], classes: number[]}, extent: any, playing: boolean,
 *   label: string, onPoints?: ((points: number[][]) => void) | null}} props `onPoints` where points may be drawn */
export function Surface({ layers, points, extent, playing, label, onPoints }) {
  const canvas = useRef(null);
  const level = useRef(null);
  useEffect(() => {
    if (!playing) {
      // Four times the pixels, in a task of their own: the rest of the page has been drawn before.
      const later = setTimeout(draw, 0, RESTING);
      return () => clearTimeout(later);
    }
    draw(PLAYING);
  }, [layers, ...extent.x, ...extent.y, playing, dark.value]);
  /** @param {number} n */
  function draw(n) {
    if (!layers || !canvas.current) return;
    const output = (field(layers, extent, n).at(-1));
    paint(canvas.current, output, n, dark.value);
    const lines = output.length === 1 ? contour(output[0], n, 0.5) : [];
    level.current?.setAttribute("d", lines.map(([a, b, c, d]) => `M${(a * WIDTH).toFixed(1)} ${(b * HEIGHT).toFixed(1)}L${(c * WIDTH).toFixed(1)} ${(d * HEIGHT).toFixed(1)}`).join(""));
  }
  const x = linear(extent.x[0], extent.x[1], 0, WIDTH, 5);
  const y = linear(extent.y[0], extent.y[1], HEIGHT, 0, 4);
  const at = ([a, b], k) => html`<${Dot} key=${k} c=${points.classes[k]} x=${x.at(a)} y=${y.at(b)} />`;
  // While a training plays, the points stay: the same elements are not compared again.
  const still = useMemo(() => (onPoints ? null : points.x.map(at)), [points, ...extent.x, ...extent.y, Boolean(onPoints)]);
  const dots = still ?? points.x.map((p, k) => at(placeOf(p, k), k));
  const svg = useRef(null);
  const actions = onPoints ? pointer({ svg, x, y, points: points.x.map((p, k) => [...p, points.classes[k]]), onPoints, isCurve: false }) : {};
  const total = WIDTH + LEFT;
  return html`<figure class=${`painted ${onPoints ? "drawable" : ""}`}>
    <canvas ref=${canvas} aria-hidden="true" style=${{ left: `${(LEFT / total) * 100}%`, width: `${(WIDTH / total) * 100}%`, height: `${(HEIGHT / (HEIGHT + 23)) * 100}%` }} />
    <svg ref=${svg} viewBox=${`${-LEFT} 0 ${total} ${HEIGHT + 23}`} role="img" aria-label=${label} ...${actions}>
      <rect class="frame" width=${WIDTH} height=${HEIGHT} />
      <path class="level" ref=${level} />
      ${dots}
      ${x.ticks.map((t) => html`<text class="axis" x=${x.at(t)} y=${HEIGHT + 18} text-anchor="middle">${exact(t)}</text>`)}
      ${y.ticks.map((t) => html`<text class="axis" x="-7" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
    </svg>
  </figure>`;
}
