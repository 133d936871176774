/** Chips that open a small panel, rows of choices, and numbers in fields. */
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { exact, parse } from "../paint/number.js";
import { useDraft } from "./draft.js";

/** @param {{label: any, title: string, children: any, plain?: boolean}} props */
export function Chip({ label, title, children }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  useEffect(() => {
    if (!open) return;
    const close = (event) => {
      if (!root.current?.contains(event.target)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, [open]);
  const keys = (event) => {
    if (open && event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector("button")?.focus();
    }
  };
  return html`<div class="chipbox" ref=${root} onKeyDown=${keys}>
    <button type="button" class="chip" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span><span class="sr">${title}: </span>${label}</span>
    </button>
    ${open && html`<div class="panel" role="group" aria-label=${title} onClick=${(event) => event.target.closest("[data-closes]") && setOpen(false)}>${children}</div>`}
  </div>`;
}

/** @param {{label?: string, choices: Record<string, string>, value: string,
 *   onChoose: (name: any) => void, disabled?: string[]}} props */
export const Choices = ({ label, choices, value, onChoose }) =>
  html`<div class="choices" role="group" aria-label=${label}>
    ${label && html`<span class="lbl">${label}</span>`}
    <div class="take tight">
      ${Object.entries(choices).map(
        ([name, text]) => html`<button type="button" key=${name} aria-pressed=${name === value}
          class=${name === value ? "button" : "button ghost"} onClick=${() => onChoose(name)}>${text}</button>`,
      )}
    </div>
  </div>`;

/** A field that says at once what is wrong with it, and takes a number when it is left or at Enter.
 * @param {{label: any, value: number, onValue: (value: number) => void, whole?: boolean, low?: number,
 *   high?: number, problem?: string, hint?: string, name?: string}} props */
export function NumberField({ label, value, onValue, whole, low = -Infinity, high = Infinity, problem, hint, name }) {
  const [{ typed, error }, setDraft] = useDraft(exact(value));
  const take = () => {
    const read = parse(typed);
    if ("error" in read) return setDraft({ error: read.error });
    if (whole && !Number.isInteger(read.value)) return setDraft({ error: "a whole number, please" });
    if (read.value < low || read.value > high) return setDraft({ error: `between ${exact(low)} and ${exact(high)}` });
    setDraft({ typed: exact(read.value), error: "" });
    if (read.value !== value) onValue(read.value);
  };
  const shownError = error || problem;
  return html`<label class="field">
    <span class="lbl">${label}</span>
    <input class="entry full" inputmode="decimal" value=${typed} name=${name} aria-invalid=${Boolean(shownError)}
      autocomplete="off" onInput=${(e) => setDraft({ typed: e.target.value })} onBlur=${take}
      onKeyDown=${(e) => e.key === "Enter" && take()} />
    ${shownError ? html`<span class="fault" role="alert">${shownError}</span>` : hint && html`<span class="hint">${hint}</span>`}
  </label>`;
}

/** @param {{label: any, value: string, choices: Record<string, string>, onChoose: (name: any) => void,
 *   bare?: boolean}} props */
export const Menu = ({ label, value, choices, onChoose, bare }) =>
  html`<label class=${bare ? "menu bare" : "menu field"}>
    <span class=${bare ? "sr" : "lbl"}>${label}</span>
    <select class=${bare ? "v" : "entry full"} onChange=${(e) => onChoose(e.target.value)}>
      ${Object.entries(choices).map(
        ([name, text]) => html`<option key=${name} value=${name} selected=${name === value}>${text}</option>`,
      )}
    </select>
  </label>`;

/** @param {{text: string, label?: string}} props */
export function Copy({ text, label = "Copy" }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<button type="button" class="button ghost" onClick=${copy}>${done ? "Copied" : label}</button>`;
}
