// Who is signed in, asked of the server; and signing in again in a window of its own, so that the form stays.
/** @import { Receipt } from "./shapes.d.ts" */
import { data } from "../elements.js";
import { token } from "./fields.js";
import { gettext } from "../words.js";

const NAME = "newsroom-sign-in";
const SIZE = "popup,width=560,height=760";
const LONGEST = 15_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;

/** The window in which somebody signed in tells the open forms, then closes. */
export const tellSignedIn = () => channel?.postMessage("signed in");

/** @param {() => void} act */
export const onSignedIn = (act) => channel?.addEventListener("message", () => act());

/**
 * A link that opens the sign-in, second factor and all, in a small window; where that is blocked, in a tab.
 * @param {HTMLAnchorElement} link
 */
export const opensSignIn = (link) => {
  link.target = NAME;
  link.addEventListener("click", (event) => {
    const opened = window.open(link.href, NAME, SIZE);
    if (!opened) return;
    event.preventDefault();
    opened.focus();
  });
  return link;
};

/**
 * Why the server has not taken something, and whether signing in again would help.
 * @typedef {{ words: string; signIn?: boolean }} Trouble
 */

/**
 * What is said of an answer that is no answer.
 * @param {Response | null} response
 * @returns {Trouble}
 */
export const troubleOf = (response) => {
  if (!response)
    return { words: navigator.onLine ? gettext("the server does not answer.") : gettext("offline.") };
  if (response.type === "opaqueredirect" || response.status === 403)
    return { words: gettext("you are signed out."), signIn: true };
  return { words: gettext("the server has a problem.") };
};

/**
 * What the server holds of a `visit`: {taken} (null: nothing), or {trouble} where it does not say. Of a copy with its `release` and the
 * save that it was written `upon`, whether this browser has to `forget` it.
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @param {string} visit
 * @param {{ release: string; upon: string }} [copy]
 * @returns {Promise<{ taken?: Receipt | null; forget?: boolean; trouble?: Trouble }>}
 */
export const ask = async (page, form, visit, copy) => {
  const body = new URLSearchParams({
    ...copy,
    visit,
    written_by: data(page, "user"),
    csrfmiddlewaretoken: token(page, form),
  });
  let response = null;
  try {
    const signal = AbortSignal.timeout(LONGEST);
    response = await fetch(data(page, "taken"), {
      method: "POST",
      body,
      signal,
      redirect: "manual",
      credentials: "same-origin",
    });
    if (response.ok && response.headers.get("Content-Type")?.includes("json")) {
      const answer = await response.json();
      return answer.another ? { trouble: { words: answer.another, signIn: true } } : answer;
    }
  } catch {
    response = null;
  }
  return { trouble: troubleOf(response) };
};
