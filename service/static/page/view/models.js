import { html } from "../vendor/preact.js";
export const Models = () => html`<p>models</p>`;
