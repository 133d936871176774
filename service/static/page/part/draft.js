/** What is typed into a field before it is taken. */
import { html, useState } from "../vendor/preact.js";

/** The draft of a field whose taken text is `text`. It begins again, within the same rendering, when that text changes:
 * an effect would run after the next frame and throw away what was typed until then.
 * @param {string} text @returns {[{typed: string, error: string}, (part: {typed?: string, error?: string}) => void]} */
export function useDraft(text) {
  const [draft, setDraft] = useState({ of: text, typed: text, error: "" });
  const here = draft.of === text ? draft : { of: text, typed: text, error: "" };
  if (here !== draft) setDraft(here);
  return [here, (part) => setDraft((now) => ({ ...now, ...part }))];
}

/** A field that keeps what is typed, also while answers redraw its view, and passes it on at Enter or when it is left.
 * @param {{text: string, onText: (text: string) => void, as?: string, [attribute: string]: any}} props */
export function Typed({ text, onText, as = "input", ...attributes }) {
  const [{ typed }, setDraft] = useDraft(text);
  return html`<${as} ...${attributes} autocomplete="off" value=${typed} onInput=${(event) => setDraft({ typed: event.target.value })} onChange=${(event) => onText(event.target.value)} />`;
}
