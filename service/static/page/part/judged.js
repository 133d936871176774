/** The last number of one's own that was judged: lessons look at it. */
import { signal } from "../vendor/preact.js";

export const judged = signal(null);
