/** The request behind a view, in three languages, and the foot of a view. */
import { html, useState } from "../vendor/preact.js";
import { connected, download } from "../ask.js";
import { LANGUAGES, compact } from "../as_code.js";
import { duration } from "../paint/number.js";
import { Copy } from "./chips.js";
import { notebookOf } from "./notebook.js";

/** @typedef {import("../ask.js").Answer} Answer */

/** @param {{answer: Answer | null, title?: string, more?: Record<string, (sent: any) => string>}} props */
export function Request({ answer, title = "The request", more = {} }) {
  const [tab, setTab] = useState("curl");
  if (!answer) return null;
  const forms = { ...LANGUAGES, ...more, answer: () => shownAnswer(answer.data) };
  const text = forms[tab](answer.sent);
  return html`<article class="card request">
    <div class="row">
      <h2 class="sub">${title}</h2>
      <div class="tabs" role="tablist" onKeyDown=${arrows}>
        ${Object.keys(forms).map(
          (name) => html`<button type="button" role="tab" key=${name} aria-selected=${name === tab}
            tabindex=${name === tab ? 0 : -1} onClick=${() => setTab(name)}>${name}</button>`,
        )}
      </div>
    </div>
    <pre tabindex="0" role="tabpanel" aria-label=${tab}>${text}</pre>
    <${Copy} text=${text} /> <button type="button" class="button ghost" onClick=${() => openNotebook(answer)}>Notebook</button>
  </article>`;
}

/** A Jupyter file that asks the same again. @param {Answer} answer */
const openNotebook = (answer) => download("chainrule.ipynb", JSON.stringify(notebookOf(answer.sent), null, 1), "application/x-ipynb+json");

const MAX_SHOWN_CHARS = 6000;

/** @param {any} data */
function shownAnswer(data) {
  const text = typeof data === "string" ? data : compact(data);
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}\n…` : text;
}

/** Left and right within a row of tabs. @param {any} event */
export function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const tabs = [...event.currentTarget.querySelectorAll("button")];
  const here = tabs.indexOf(document.activeElement);
  const next = tabs[(here + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

/** @param {{answer: Answer | null, note?: any, problem?: any, children?: any}} props */
export const Foot = ({ answer, note, problem, children }) => html`
  ${problem && html`<p class="refused" role="alert">${sentence(problem)}</p>`}
  <footer class="strip">
    <span class="asked">
      ${connected.value
        ? answer && html`<code>${answer.sent.method} ${answer.sent.path.split("?")[0]}</code> answered in ${duration(answer.ms)}`
        : "Not connected, trying again."}
      ${note}
    </span>
    <span class="right">${children}</span>
  </footer>`;

/** A problem as a sentence. @param {any} problem */
export function sentence(problem) {
  const said = problem.errors?.length ? problem.errors[0].detail : problem.message;
  const whole = said.charAt(0).toUpperCase() + said.slice(1);
  const later = problem.retryAfter ? ` Try again in ${problem.retryAfter} s.` : "";
  return `${whole.replace(/([^.!?])$/, "$1.")}${later}`;
}
