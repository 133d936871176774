/** The field over a number of a drawing: type, Enter; Escape leaves it as it was. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { parse } from "../paint/number.js";

/** @param {{editing: any, plan: any, onValue: (pointer: string, value: number) => void, onClose: () => void,
 *   onTrace?: (pointer: string) => void}} props */
export function Editor({ editing, plan, onValue, onClose, onTrace }) {
  const field = useRef(null);
  const [typed, setTyped] = useState(editing.text);
  const [error, setError] = useState("");
  const isClosed = useRef(false);
  useLayoutEffect(() => { // before the next key can be pressed
    field.current?.focus();
    field.current?.select();
  }, []);
  const close = () => {
    isClosed.current = true;
    onClose();
  };
  const take = () => {
    if (isClosed.current) return; // a field that goes away loses the focus, which takes nothing
    const read = parse(typed);
    if ("error" in read) return setError(read.error);
    onValue(editing.pointer, read.value);
    close();
  };
  const nudge = (by) => {
    const read = parse(typed);
    if ("error" in read) return;
    const value = Number((read.value + by).toFixed(10));
    setTyped(String(value));
    onValue(editing.pointer, value);
  };
  const keys = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") take();
    if (event.key === "Escape") close();
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
      value=${typed} onInput=${(event) => setTyped(event.target.value)} onKeyDown=${keys} autocomplete="off"
      onBlur=${(e) => !(e.relatedTarget?.closest?.(".editor")) && take()} />
    ${error && html`<span class="fault" role="alert">${error}</span>`}
    ${onTrace && isWeight && html`<button type="button" class="button ghost small" onClick=${() => {
      close();
      onTrace(editing.pointer);
    }}>Trace it to <i class="v">E</i></button>`}
  </div>`;
}
