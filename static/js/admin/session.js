// Who is signed in, asked of the server; and signing in again in a window of its own, so that the form stays.
import { token } from "./fields.js";
import { gettext } from "../words.js";

const NAME = "newsroom-sign-in";
const SIZE = "popup,width=560,height=760";
const LONGEST = 15_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;

/** The window in which somebody signed in tells the open forms, then closes. */
export const tellSignedIn = () => channel?.postMessage("signed in");

/** @param {any} act */
export const onSignedIn = (act) => channel?.addEventListener("message", () => act());

/**
 * A link that opens the sign-in, second factor and all, in a small window; where that is blocked, in a tab.
 * @param {PageElement} link
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
 * What is said of an answer that is no answer: {words, signIn}.
 * @param {Response | null} response
 * @returns {{ words: string; signIn?: boolean }}
 */
export const troubleOf = (response) => {
  if (!response)
    return { words: navigator.onLine ? gettext("the server does not answer.") : gettext("offline.") };
  if (response.type === "opaqueredirect" || response.status === 403)
    return { words: gettext("you are signed out."), signIn: true };
  return { words: gettext("the server has a problem.") };
};

/**
 * What the server holds of a `visit`: {taken} (null: nothing), or {trouble} where it does not say.
 * @param {PageElement} page
 * @param {Form} form
 * @param {string} visit
 */
export const ask = async (page, form, visit) => {
  const body = new URLSearchParams({
    visit,
    written_by: page.dataset.user,
    csrfmiddlewaretoken: token(page, form),
  });
  let response = null;
  try {
    const signal = AbortSignal.timeout(LONGEST);
    response = await fetch(page.dataset.taken, {
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
