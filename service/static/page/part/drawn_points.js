/** Points drawn by hand: a click adds or removes one, dragging moves one. */
import { signal } from "../vendor/preact.js";

const REACH = 10; // of the drawing's units, about as many pixels

/** The point that is being dragged: its index and where it is now. */
export const held = signal(/** @type {{index: number, place: number[], moved: boolean} | null} */ (null));
export const drawnClass = signal(1);

/** What the pointer does in a picture whose axes are x and y.
 * @param {{svg: any, x: any, y: any, points: number[][], onPoints: (points: number[][]) => void, isCurve: boolean}} picture */
export function pointer({ svg, x, y, points, onPoints, isCurve }) {
  const at = (event) => {
    const on = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.current.getScreenCTM().inverse());
    return { on, place: [x.back(on.x), y.back(on.y)].map((v) => Number(v.toPrecision(4))) };
  };
  const down = (event) => {
    const { on, place } = at(event);
    const index = points.findIndex(([a, b]) => Math.hypot(x.at(a) - on.x, y.at(b) - on.y) < REACH);
    if (index >= 0) {
      held.value = { index, place: points[index].slice(0, 2), moved: false };
      svg.current.setPointerCapture(event.pointerId);
      return;
    }
    const isOther = event.shiftKey || event.button === 2;
    onPoints([...points, isCurve ? place : [...place, isOther ? 1 - drawnClass.value : drawnClass.value]]);
  };
  const move = (event) => {
    if (held.value && event.buttons) held.value = { ...held.value, place: at(event).place, moved: true };
  };
  const up = () => {
    if (!held.value) return;
    const { index, place, moved } = held.value;
    held.value = null;
    onPoints(moved ? points.map((p, k) => (k === index ? [...place, ...p.slice(2)] : p)) : points.filter((_, k) => k !== index));
  };
  return { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: () => (held.value = null), onContextMenu: (event) => event.preventDefault() };
}

/** Where a point is drawn: the one that is dragged where the pointer is. @param {number[]} point @param {number} index */
export const placeOf = (point, index) => (held.value?.index === index ? held.value.place : point);
