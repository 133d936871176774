/** The field over a number of a drawing: type, Enter; Escape leaves it as it was. */
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { parse } from "../paint/number.js";

/** @param {{editing: any, plan: any, onValue: (pointer: string, value: number) => void, onClose: () => void,
 *   onTrace?: (pointer: string) => void}} props */
export function Editor({ editing, plan, onValue, onClose, onTrace }) {
  const field = useRef(null);
  const [error, setError] = useState(editing.problem ?? "");
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const take = () => {
    const read = parse(field.current?.value ?? "");
    if ("error" in read) return setError(read.error);
    onValue(editing.pointer, read.value);
    onClose();
  };
  const nudge = (by) => {
    const read = parse(field.current?.value ?? "");
    if ("error" in read || !field.current) return;
    const value = Number((read.value + by).toFixed(10));
    field.current.value = String(value);
    onValue(editing.pointer, value);
  };
  const keys = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") take();
    if (event.key === "Escape") onClose();
    const step = event.shiftKey ? 1 : 0.1;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      nudge(event.key === "ArrowUp" ? step : -step);
    }
  };
  const left = Math.min(Math.max(editing.x / plan.width, 0.07), 0.93);
  const style = { left: `${left * 100}%`, top: `${((editing.y - 5) / plan.height) * 100}%` };
  const isWeight = editing.pointer.includes("/weights/");
  return html`<div class="editor" style=${style}>
    <input ref=${field} class="entry" inputmode="decimal" aria-label=${editing.label} aria-invalid=${Boolean(error)}
      value=${editing.text} onKeyDown=${keys} autocomplete="off"
      onBlur=${(e) => !(e.relatedTarget?.closest?.(".editor")) && take()} />
    ${error && html`<span class="fault" role="alert">${error}</span>`}
    ${onTrace && isWeight && html`<button type="button" class="button ghost small" onClick=${() => {
      onClose();
      onTrace(editing.pointer);
    }}>Trace it to <i class="v">E</i></button>`}
  </div>`;
}
