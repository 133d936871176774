/** What the screen and the reader's system ask for. */
import { computed, signal } from "../vendor/preact.js";

/** @param {string} query */
function matching(query) {
  const list = matchMedia(query);
  const state = signal(list.matches);
  list.addEventListener("change", (event) => (state.value = event.matches));
  return state;
}

export const narrow = matching("(max-width: 760px)");
export const medium = matching("(max-width: 1180px)");
export const still = matching("(prefers-reduced-motion: reduce)");

const THEME = "chainrule-theme";
export const theme = signal(localStorage.getItem(THEME) ?? "system");

/** @param {string} name */
export function wear(name) {
  theme.value = name;
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  localStorage.setItem(THEME, name);
}

const systemDark = matching("(prefers-color-scheme: dark)");
/** Whether the page is dark now, for what is painted on a canvas. */
export const dark = computed(() => (theme.value === "system" ? systemDark.value : theme.value === "dark"));
