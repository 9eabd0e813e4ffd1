// Keeps what is being typed: a copy in this browser at once, the working revision on the server within a second.
//
// Each sending has a number (`turn`) within this opened form (`visit`), and the copy is dropped when the server says that
// it holds all of that turn, never for any other sign. A save whose answer got lost is sent again as it was before
// anything newer. What the server will not keep (somebody else's newer save, a submitted text) stays in the browser and
// is said.
/** @import { AutosaveState, SaveAnswer, SaveRefusal, TakeOver } from "./shapes.d.ts" */
/** @import { Trouble } from "./session.js" */
import { data, optionalField, required, requiredField } from "../elements.js";
import { answerFor, drop, keep, newVisit } from "./local-copies.js";
import { beside, fill, fillBeside, pairsIn, snapshot, token } from "./fields.js";
import { offerCopies } from "./recovery.js";
import { onSignedIn, opensSignIn, troubleOf } from "./session.js";
import { gettext, interpolate } from "../words.js";

const QUIET = 800; // after the last key
const LONGEST = 1000; // while somebody keeps typing
const COPY_EVERY = 150;
const AGAIN = 3000;
const PATIENCE = 4000; // how long pressing a button waits for a save under way
const LEAVING = 15_000; // a form that was sent and is still here after this long has not left
const OUTLIVES = 60_000; // characters: what a browser still sends when its page is closed

const kept = () => gettext("Your words are kept in this browser.");

/** @typedef {ReturnType<typeof startAutosave>} Autosave */

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 */
export const startAutosave = (page, form) => {
  const line = required(form, "[data-saved]", HTMLElement);
  const refused = document.querySelector(".errornote") !== null; // what stands on the page is stored nowhere
  const visit = newVisit();
  /** @type {AutosaveState} */
  const state = {
    url: data(page, "autosave"),
    hold: page.dataset.hold,
    saved: refused ? null : snapshot(form),
    unkept: null,
    pending: null,
    sent: null,
    turn: 0,
    reason: "",
    follows: new Set(),
    busy: null,
    due: 0,
    since: 0,
    copying: 0,
  };
  const base = () => `${page.dataset.user}:${page.dataset.pk || "new"}`;
  const key = () => `${base()}:${visit}`;
  const seen = requiredField(form, "seen");
  const reason = requiredField(form, "reason");
  const uuid = requiredField(form, "uuid");

  /**
   * @param {string} text
   * @param {{ wrong?: boolean; signIn?: boolean; press?: string }} [options]
   */
  const say = (text, { wrong = false, signIn = false, press = "" } = {}) => {
    line.textContent = text;
    line.classList.toggle("is-wrong", wrong);
    if (signIn) {
      const link = Object.assign(document.createElement("a"), {
        href: data(page, "login"),
        textContent: gettext("Sign in again"),
      });
      line.append(" ", opensSignIn(link));
    }
    if (press) {
      const button = document.createElement("button");
      [button.type, button.name, button.textContent, button.className] = ["submit", "_save", press, "button"];
      line.append(" ", button);
    }
  };

  /** Keep a copy of what the server does not hold; where it holds all, there is nothing to keep. Gives whether it is safe. */
  const copy = async () => {
    clearTimeout(state.copying);
    state.copying = 0;
    const [words, more] = [snapshot(form), beside(form)];
    if (words === state.saved && !more) {
      await drop(key());
      return true;
    }
    const stored = await keep(key(), {
      at: Date.now(),
      words,
      more,
      visit,
      follows: [...state.follows],
      // Under which number just this was sent, if it was.
      turn: state.sent?.words === words && state.sent.more === more ? state.sent.turn : 0,
      last: state.turn, // what is sent under a higher number is newer than this copy
      // Beside a colleague's text the choice is still to be made, and on return it is asked for again.
      seen: page.dataset.hold === "conflict" ? "0" : seen.value,
      upon: page.dataset.upon || seen.value,
      uuid: uuid.value,
    });
    return stored !== undefined;
  };

  /** @param {number} wait */
  const later = (wait) => {
    clearTimeout(state.due);
    state.due = setTimeout(save, wait);
  };

  /** @param {Trouble} it */
  const trouble = ({ words, signIn }) => {
    say(`${interpolate(gettext("Not saved: %(why)s"), { why: words })} ${kept()}`, { wrong: true, signIn });
    later(AGAIN);
  };

  /**
   * @param {SaveAnswer} answer
   * @param {{ words: string; turn: number }} options
   */
  const accept = async (answer, { words, turn }) => {
    state.pending = null;
    const whole = answer.turn === turn && answer.whole;
    if (whole) {
      state.saved = words;
      state.follows.clear(); // the server knows by now that they are part of this one
    }
    seen.value = String(answer.seen);
    delete page.dataset.upon;
    const slug = optionalField(form, "slug");
    const was = optionalField(form, "slug_was");
    if (slug && was && slug.value === was.value) slug.value = answer.slug;
    if (was) was.value = answer.slug;
    const before = key();
    if (!page.dataset.pk) {
      page.dataset.pk = String(answer.pk);
      for (const name of ["autosave", "presence", "preview"])
        page.dataset[name] = answer.address.replace(/change\/$/, `${name}/`);
      state.url = data(page, "autosave");
      history.replaceState(history.state, "", answer.address);
    }
    await copy(); // or none, where the server holds all that stands here
    if (key() !== before) await drop(before);
    if (snapshot(form) === words) delete line.dataset.behind;
    else later(QUIET);
    const unkept = answer.unkept?.length
      ? ` ${interpolate(gettext("Not kept yet: %(fields)s"), { fields: answer.unkept.join(" ") })}`
      : "";
    state.unkept = unkept ? words : null;
    say(`${interpolate(gettext("saved %(time)s"), { time: answer.saved })}${unkept}`, {
      wrong: Boolean(unkept),
    });
    form.dispatchEvent(new CustomEvent("newsroom:saved", { detail: answer }));
  };

  /** @param {Response} response */
  const refuse = async (response) => {
    /** @type {SaveRefusal} */
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    if (answer.another) trouble({ words: answer.another, signIn: true });
    else if (answer.conflict) {
      state.hold = "conflict";
      const { who, when, removed } = answer.conflict;
      const said = removed
        ? gettext("Words were removed from this release for somebody's safety, after you opened it.")
        : `${interpolate(gettext("%(who)s saved this release at %(when)s."), { who, when })} ${kept()}`;
      say(said, { wrong: true, press: gettext("See both texts") });
    } else if (answer.reasons) {
      state.hold = "refused";
      say(`${interpolate(gettext("Not saved: %(why)s"), { why: answer.reasons.join(" ") })} ${kept()}`, {
        wrong: true,
      });
    } else trouble(troubleOf(response));
  };

  /**
   * Number what is sent now; the copy remembers the number.
   * @param {string} words
   * @param {string} more
   */
  const number = (words, more) => {
    state.turn += 1;
    state.sent = { words, more, turn: state.turn };
    copy();
    return state.turn;
  };

  /** @param {number} turn */
  const named = (turn) => ({ visit, turn, follows: [...state.follows].join(",") });

  const send = async () => {
    if (!state.pending) {
      const words = snapshot(form);
      state.pending = { words, turn: number(words, "") };
      state.reason = reason.value;
      reason.value = "";
    }
    const sending = state.pending;
    const body = new URLSearchParams(pairsIn(sending.words));
    const said = {
      ...named(sending.turn),
      seen: seen.value,
      uuid: uuid.value,
      reason: state.reason,
    };
    for (const [name, value] of Object.entries(said)) body.set(name, String(value));
    body.set("written_by", data(page, "user"));
    body.set("csrfmiddlewaretoken", token(page, form));
    const keepalive = String(body).length < OUTLIVES;
    let response;
    try {
      response = await fetch(state.url, {
        method: "POST",
        body,
        keepalive,
        redirect: "manual",
        credentials: "same-origin",
      });
    } catch {
      trouble(troubleOf(null));
      return;
    }
    if (response.ok) await accept(/** @type {SaveAnswer} */ (await response.json()), sending);
    else {
      // The server has not kept it and never will as it is.
      if (response.status >= 400 && response.status < 500 && response.status !== 403) state.pending = null;
      if (response.type === "opaqueredirect") trouble(troubleOf(response));
      else await refuse(response);
    }
  };

  function save() {
    clearTimeout(state.due);
    state.since = 0;
    if (state.busy || state.hold) return state.busy;
    const words = snapshot(form);
    if (!state.pending && (words === state.saved || words === state.unkept)) {
      delete line.dataset.behind;
      copy();
      return undefined;
    }
    state.busy = send().finally(() => {
      state.busy = null;
    });
    return state.busy;
  }

  const typed = () => {
    line.dataset.behind = ""; // not in words: a screen reader would read them out at every pause
    if (!state.copying) state.copying = setTimeout(copy, COPY_EVERY);
    if (state.hold) {
      if (state.hold === "waiting")
        say(gettext("Kept in this browser, and saved when you press “Save draft”."), { wrong: true });
      return;
    }
    const now = Date.now();
    state.since ||= now;
    later(Math.max(0, Math.min(QUIET, state.since + LONGEST - now)));
  };

  /**
   * Put the words of an earlier visit into the form; from here on they are this one's.
   * @type {TakeOver}
   */
  const takeOver = async (found, { held = null, reason: cause = "" } = {}) => {
    for (const one of [found.visit, ...(found.follows ?? [])]) if (one) state.follows.add(one);
    // Written upon an older save, they meet a colleague's newer one in the open; the server knows their own.
    page.dataset.upon = found.upon ?? "";
    if (page.dataset.pk && (held?.seen || found.seen)) seen.value = String(held?.seen ?? found.seen);
    if (!page.dataset.pk && found.uuid) uuid.value = found.uuid;
    reason.value = cause;
    fill(form, found.words);
    fillBeside(form, found.more);
    if (held) state.saved = snapshot(form);
    typed();
    if (await copy()) await drop(found.key);
  };

  // ---------------------------------------------------------------- a form that leaves, and one that comes back

  /** Nothing of our own on its way any more, or nothing that answers. */
  const quiet = () => {
    const wait = new Promise((resolve) => {
      setTimeout(resolve, PATIENCE);
    });
    const saving = state.busy ?? (state.pending && save());
    return saving ? Promise.race([saving, wait]) : Promise.resolve();
  };

  const stay = () => {
    if (state.hold !== "submitting") return;
    state.hold = "";
    later(0);
  };

  /** The whole form goes now: it carries its number, and nothing is saved by itself until it is here again. */
  const leave = async () => {
    clearTimeout(state.due);
    for (const [name, value] of Object.entries(named(number(snapshot(form), beside(form))))) {
      const field =
        optionalField(form, name) ??
        form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = String(value);
    }
    token(page, form);
    await copy();
    state.hold ||= "submitting";
    setTimeout(stay, LEAVING);
  };

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // The page may be gone before any timer. The last key is in the fields already, its event may be still to come.
  const leaving = () => {
    copy();
    if (state.since) save();
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leaving());
  window.addEventListener("pagehide", leaving);
  window.addEventListener("online", () => save());
  window.addEventListener("pageshow", (event) => event.persisted && stay());
  onSignedIn(() => save());
  // Words are about to be replaced by another script: those that stand here go to the server first. `kept` tells it
  // whether they are there; why they are replaced it says in the field "reason", which goes out with the next save.
  const stored = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await (state.busy ?? save());
      if (!state.pending && snapshot(form) === state.saved) return true;
    }
    return false;
  };
  form.addEventListener("newsroom:before", (event) => {
    event.detail.kept = stored();
  });
  // A field that the browser fills by itself on the way back would pass for what the server holds.
  form.autocomplete = "off";
  answerFor(visit);
  if (refused) copy(); // it stands on this page and nowhere else
  offerCopies(page, form, { base, key, refused, state, takeOver });
  if (refused && page.dataset.pk) later(QUIET);
  return { save, state, visit, quiet, leave, stay };
};
