import { signal, html } from "../vendor/preact.js";
export const hiddenFrom = signal(null);
export const Lesson = () => null;
