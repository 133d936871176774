import { html } from "../vendor/preact.js";
export const tracedDrawing = (q, p, shared, found) => null;
export const TracePanel = () => html`<article class="card">trace</article>`;
