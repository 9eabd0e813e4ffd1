// Keeps what is being typed: a copy in this browser at once, the working revision on the server within a second.
//
// A save whose answer got lost is sent again as it was before anything newer, so that it can never be taken for a
// colleague's. What the server will not keep (somebody else's newer save, a submitted text) stays in the browser
// and is said.
import { drop, find, keep } from "./copy.js";
import { fill, snapshot, token } from "./fields.js";

const QUIET = 800; // after the last key
const LONGEST = 1000; // while somebody keeps typing
const COPY_EVERY = 150;
const AGAIN = 3000;
const PATIENCE = 4000; // how long pressing a button waits for a save under way

const gettext = (words) => window.gettext?.(words) ?? words;

export const startAutosave = (page, form) => {
  const line = form.querySelector("[data-saved]");
  const refused = document.querySelector(".errornote") !== null; // what stands on the page is stored nowhere
  const state = {
    url: page.dataset.autosave,
    hold: page.dataset.hold,
    saved: refused ? null : snapshot(form),
    pending: null,
    reason: "",
    busy: null,
    due: 0,
    since: 0,
    copying: 0,
  };
  const key = () => `${page.dataset.user}:${page.dataset.pk || "new"}`;
  const seen = form.elements.seen;

  const say = (text, { wrong = false, link = null, press = null } = {}) => {
    line.textContent = text;
    line.classList.toggle("is-wrong", wrong);
    if (link) {
      const a = document.createElement("a");
      [a.href, a.textContent, a.target] = [link.href, link.words, "_blank"];
      line.append(" ", a);
    }
    if (press) {
      const button = document.createElement("button");
      [button.type, button.name, button.textContent, button.className] = ["submit", "_save", press, "button"];
      line.append(" ", button);
    }
  };

  const copy = (submitted = false) => {
    clearTimeout(state.copying);
    state.copying = 0;
    return keep(key(), {
      at: Date.now(),
      words: snapshot(form),
      // What was sent and not answered: if it is found stored on return, it was this browser's own save.
      sent: state.pending,
      // Beside a colleague's text the choice is still to be made, and on return it is asked for again.
      seen: page.dataset.hold === "conflict" ? "0" : seen.value,
      uuid: form.elements.uuid.value,
      submitted,
    });
  };

  const later = (wait) => {
    clearTimeout(state.due);
    state.due = setTimeout(save, wait);
  };

  const trouble = (text, more = {}) => {
    say(`${text} ${gettext("Your words are kept in this browser.")}`, { wrong: true, ...more });
    later(AGAIN);
  };

  const accept = async (answer, words) => {
    state.saved = words;
    state.pending = null;
    seen.value = answer.seen;
    const { slug, slug_was: was } = form.elements;
    if (slug && was && slug.value === was.value) slug.value = answer.slug;
    if (was) was.value = answer.slug;
    if (!page.dataset.pk) {
      await drop(key());
      page.dataset.pk = answer.pk;
      for (const name of ["autosave", "presence", "preview"])
        page.dataset[name] = answer.address.replace(/change\/$/, `${name}/`);
      state.url = page.dataset.autosave;
      history.replaceState(history.state, "", answer.address);
    }
    if (snapshot(form) === words) {
      delete line.dataset.behind;
      await drop(key());
    } else {
      await copy();
      later(QUIET);
    }
    const unkept = answer.unkept?.length ? ` ${gettext("Not kept yet:")} ${answer.unkept.join(" ")}` : "";
    say(`${gettext("saved")} ${answer.saved}${unkept}`, { wrong: Boolean(unkept) });
    form.dispatchEvent(new CustomEvent("newsroom:saved", { detail: answer }));
  };

  const refuse = async (response) => {
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    if (answer.conflict) {
      state.hold = "conflict";
      const { who, when } = answer.conflict;
      say(`${who} ${gettext("saved this release at")} ${when}. ${gettext("Your words are kept in this browser.")}`, {
        wrong: true,
        press: gettext("See both texts"),
      });
    } else if (answer.reasons) {
      state.hold = "refused";
      say(`${gettext("Not saved:")} ${answer.reasons.join(" ")} ${gettext("Your words are kept in this browser.")}`, {
        wrong: true,
      });
    } else if (response.status === 403) signedOut();
    else trouble(gettext("Not saved: the server has a problem."));
  };

  const signedOut = () =>
    trouble(gettext("Not saved: you are signed out."), {
      link: { href: page.dataset.login, words: gettext("Sign in again in another tab, then come back") },
    });

  const send = async () => {
    const words = state.pending ?? snapshot(form);
    if (state.pending !== words) {
      state.pending = words;
      state.reason = form.elements.reason.value;
      form.elements.reason.value = "";
      copy();
    }
    const body = new URLSearchParams(JSON.parse(words));
    body.set("seen", seen.value);
    body.set("uuid", form.elements.uuid.value);
    body.set("reason", state.reason);
    body.set("csrfmiddlewaretoken", token(page, form));
    let response;
    try {
      response = await fetch(state.url, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    } catch {
      trouble(navigator.onLine ? gettext("Not saved: the server does not answer.") : gettext("Not saved: offline."));
      return;
    }
    if (response.type === "opaqueredirect") signedOut();
    else if (response.ok) await accept(await response.json(), words);
    else {
      // The server has not kept it and never will as it is.
      if (response.status < 500 && response.status !== 403) state.pending = null;
      await refuse(response);
    }
  };

  async function save() {
    clearTimeout(state.due);
    state.since = 0;
    if (state.busy || state.hold) return state.busy;
    if (!state.pending && snapshot(form) === state.saved) {
      delete line.dataset.behind;
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

  // ---------------------------------------------------------------- what an earlier visit left behind

  const offer = async () => {
    const found = await find(key());
    if (!found) return;
    const shown = found.words === snapshot(form);
    if (shown && refused) await copy(); // they stand on this page and nowhere else
    else if (shown || (found.submitted && !refused)) await drop(key());
    if (shown || (found.submitted && !refused)) return;
    const box = form.querySelector("[data-kept]");
    const when = new Date(found.at).toLocaleString(document.documentElement.lang || undefined);
    box.querySelector("p").textContent = `${gettext("This browser kept changes that were not saved:")} ${when}.`;
    box.hidden = false;
    box.querySelector("[data-kept-take]").addEventListener("click", () => {
      box.hidden = true;
      // Opened at an older save, they meet a newer one as a conflict, in the open; their own is none.
      const own = found.sent && found.sent === state.saved;
      if (page.dataset.pk && found.seen && !own) seen.value = found.seen;
      if (!page.dataset.pk && found.uuid) form.elements.uuid.value = found.uuid;
      form.elements.reason.value = "copy";
      fill(form, found.words);
      typed();
    });
    box.querySelector("[data-kept-drop]").addEventListener("click", () => {
      box.hidden = true;
      drop(key());
    });
  };

  // ---------------------------------------------------------------- wiring

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && state.since) {
      copy();
      save();
    }
  });
  window.addEventListener("online", () => save());
  let passing = false;
  form.addEventListener("submit", (event) => {
    token(page, form);
    if (passing) return;
    const { submitter } = event;
    if (state.busy || state.pending) {
      // Its answer first: a button pressed meanwhile would meet our own save as if it were a colleague's.
      event.preventDefault();
      const wait = new Promise((resolve) => setTimeout(resolve, PATIENCE));
      Promise.race([Promise.resolve(state.busy ?? save()), wait]).then(async () => {
        passing = true;
        await copy(true);
        form.requestSubmit(submitter);
      });
      return;
    }
    clearTimeout(state.due);
    state.hold ||= "submitting";
    copy(true);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("#release-buttons [name=_save]"));
    }
  });
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
  offer();
  if (refused && page.dataset.pk) later(QUIET);
  return { save, state };
};
