/** The ribbon of steps: forward, backward, update. */
import { html } from "../vendor/preact.js";
import { Icon } from "./icons.js";

const ARROWS = {
  Forward: html`<svg viewBox="0 0 22 8" aria-hidden="true"><path d="M0 4h20M17 1l3 3-3 3" /></svg>`,
  Backward: html`<svg viewBox="0 0 22 8" aria-hidden="true"><path d="M22 4H2M5 1L2 4l3 3" /></svg>`,
  Update: null,
};

/** @param {{steps: import("./steps.js").Step[], current: number, onStep: (k: number) => void}} props */
export function Ribbon({ steps, current, onStep }) {
  const groups = Object.keys(ARROWS).map((name) => ({
    name, members: steps.map((step, k) => ({ step, k })).filter(({ step }) => step.group === name),
  }));
  return html`<div class="ribbon">
    <button type="button" class="button ghost round back" aria-label="Step back" disabled=${current === 0}
      onClick=${() => onStep(current - 1)}><${Icon} name="back" /><span class="word">Back</span></button>
    <div class="track">
      ${groups.map(({ name, members }) => html`<section key=${name} style=${{ flex: `${members.length} 1 0` }}
        class=${members.some(({ k }) => k === current) ? "now" : ""}>
        <h2 class="sub">${name}${ARROWS[name]}</h2>
        <ol>
          ${members.map(({ step, k }) => html`<li key=${k} class=${k > current ? "todo" : ""}>
            <button type="button" aria-label=${step.name} aria-current=${k === current ? "step" : undefined}
              onClick=${() => onStep(k)}><math>${step.symbol}</math></button></li>`)}
        </ol>
      </section>`)}
    </div>
    <button type="button" class="button round next" aria-label="Next step" disabled=${current === steps.length - 1}
      onClick=${() => onStep(current + 1)}><${Icon} name="next" /><span class="word">Next step</span></button>
  </div>`;
}
