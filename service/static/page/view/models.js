/** Models: from a table of one's own to a served model. */
import { html } from "../vendor/preact.js";
export const Models = () => html`<h1>Your table, a served model</h1>`;
