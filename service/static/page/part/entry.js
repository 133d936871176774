/** A field for a number of one's own, with its verdict. */
import { html } from "../vendor/preact.js";
import { parse } from "../paint/number.js";
import { pasted } from "./answers.js";
import { useDraft } from "./draft.js";
import { Icon } from "./icons.js";

const ICONS = { correct: "check", follows: "follows", wrong: "cross" };
const WORDS = { correct: "right", follows: "right, given an earlier slip", wrong: "wrong" };

/** @param {{pointer: string, text: string, verdict?: string, label: string, style?: any,
 *   onText: (pointer: string, text: string) => void, onPaste: (pointer: string, cells: string[]) => void}} props */
export function Entry({ pointer, text, verdict, label, style, onText, onPaste }) {
  const [{ typed }, setDraft] = useDraft(text);
  const read = typed.trim() ? parse(typed) : null;
  const fault = read && "error" in read ? read.error : "";
  const state = fault ? "wrong" : text.trim() && typed === text ? (verdict ?? "") : "";
  const paste = (event) => {
    const cells = pasted(event.clipboardData?.getData("text") ?? "");
    if (cells.length < 2) return;
    event.preventDefault();
    onPaste(pointer, cells);
  };
  return html`<span class=${`own-entry ${state} ${typed ? "filled" : ""}`} style=${style}>
    <input inputmode="decimal" autocomplete="off" aria-label=${`${label}${WORDS[state] ? `, ${WORDS[state]}` : ""}`}
      aria-invalid=${state === "wrong"} value=${typed} title=${fault} data-pointer=${pointer}
      onInput=${(e) => setDraft({ typed: e.target.value })} onBlur=${() => typed !== text && onText(pointer, typed)}
      onKeyDown=${(e) => e.key === "Enter" && onText(pointer, typed)} onPaste=${paste} />
    ${state && ICONS[state] && html`<span class="badge"><${Icon} name=${ICONS[state]} /></span>`}
    ${fault && html`<span class="fault" role="alert">${fault}</span>`}
  </span>`;
}
