// A button was pressed: what is on its way is waited for, then it is asked whether the server would take the form at all.
// Only then the form leaves, so that an ended session or a broken server finds the words still here.
/** @import { Autosave } from "./autosave.js" */
import { data, required } from "../elements.js";
import { ask, onSignedIn, opensSignIn } from "./session.js";
import { arrived } from "./under-way.js";
import { gettext, interpolate } from "../words.js";

const AGAIN = 5000; // a form that has been sent is not sent twice by a second click

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @param {Autosave} autosave
 */
export const startPressing = (page, form, autosave) => {
  const line = required(form, "[data-pressed]", HTMLElement);
  const stop = required(form, "[data-pressed-stop]", HTMLButtonElement);
  const saveButton = () => required(form, "#release-buttons [name=_save]", HTMLButtonElement);
  let stage = ""; // "", "waiting", "passing", "left"
  /** @type {HTMLButtonElement | null} */
  let wanted = null; // what was pressed while nobody was signed in

  /**
   * @param {string} words
   * @param {{ wrong?: boolean; signIn?: boolean; stops?: (() => void) | null }} [options]
   */
  const show = (words, { wrong = false, signIn = false, stops = null } = {}) => {
    line.textContent = words;
    line.classList.toggle("is-wrong", wrong);
    stop.hidden = !stops;
    stop.onclick = stops;
    if (!signIn) return;
    const link = Object.assign(document.createElement("a"), {
      href: data(page, "login"),
      textContent: gettext("Sign in again"),
    });
    line.append(" ", opensSignIn(link));
    link.focus();
  };

  /**
   * True when the form may leave.
   * @param {HTMLButtonElement} button
   */
  const ready = async (button) => {
    const missing = await arrived((task) =>
      show(`${task.words} ${gettext("Then it goes on.")}`, { stops: task.stop }),
    );
    if (missing) {
      show(missing, { wrong: true });
      return false;
    }
    show("");
    await autosave.quiet();
    const { trouble } = await ask(page, form, autosave.visit);
    if (!trouble) return true;
    wanted = trouble.signIn ? button : null;
    show(
      `${interpolate(gettext("Not sent: %(why)s"), { why: trouble.words })} ${gettext("Your words are kept in this browser.")}`,
      {
        wrong: true,
        signIn: trouble.signIn,
      },
    );
    return false;
  };

  /** @param {HTMLButtonElement} button */
  const press = async (button) => {
    stage = "waiting";
    try {
      if (!(await ready(button))) return;
      await autosave.leave();
      stage = "passing";
      form.requestSubmit(form.contains(button) ? button : saveButton());
    } finally {
      if (stage !== "left") stage = "";
    }
  };

  form.addEventListener("submit", (event) => {
    if (stage === "passing") return;
    event.preventDefault();
    if (!stage) press(/** @type {HTMLButtonElement} */ (event.submitter));
  });
  // After everybody else has heard of it: another script may still ask something first.
  window.addEventListener("submit", (event) => {
    if (stage !== "passing" || event.target !== form) return;
    stage = event.defaultPrevented ? "" : "left";
    if (stage) setTimeout(() => (stage = ""), AGAIN);
    else autosave.stay();
  });
  window.addEventListener("pageshow", () => (stage = ""));

  onSignedIn(() => {
    const button = wanted;
    wanted = null;
    if (!button) return;
    // Saving goes on by itself; what would go out is pressed once more, by whoever has signed in.
    if (button.name === "_save") form.requestSubmit(form.contains(button) ? button : undefined);
    else
      show(
        interpolate(
          gettext("You are signed in again. Nothing has gone out: press this once more: %(button)s"),
          { button: button.textContent },
        ),
      );
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(saveButton());
    }
  });
};
