// Says every ten seconds that this release is open here, and shows who else is in it.
/** @import { PresenceAnswer } from "./shapes.d.ts" */
/** @import { Autosave } from "./autosave.js" */
import { data, optionalField } from "../elements.js";
import { token } from "./fields.js";
import { gettext, interpolate } from "../words.js";

const EVERY = 10_000;

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @param {Autosave | null} autosave
 */
export const startPresence = (page, form, autosave) => {
  const line = form.querySelector("[data-others]");
  const seenField = optionalField(form, "seen");
  const stay = () =>
    fetch(data(page, "presence"), {
      method: "POST",
      body: new URLSearchParams({ csrfmiddlewaretoken: token(page, form) }),
      redirect: "manual",
      credentials: "same-origin",
    });
  const leave = () =>
    navigator.sendBeacon(
      data(page, "presence"),
      new URLSearchParams({ leave: "1", csrfmiddlewaretoken: token(page, form) }),
    );
  /** @param {PresenceAnswer} it */
  const show = ({ others = [], seen, who, when, cleaned }) => {
    if (!line) return;
    const names = others.map((one) => interpolate(gettext("%(name)s (since %(since)s)"), one)).join(", ");
    const newer =
      Number(seen) > Number(seenField?.value) && !autosave?.state.busy && !autosave?.state.pending;
    const said = [
      names && `${gettext("Also here:")} ${names}`,
      newer &&
        (Number(cleaned) > Number(seenField?.value)
          ? gettext("Words were removed from this release for somebody's safety, after you opened it.")
          : interpolate(gettext("%(who)s saved a newer text at %(when)s."), { who, when })),
    ];
    const text = said.filter(Boolean).join(" · ");
    if (line.textContent.replace(/\s+/g, " ").trim() !== text) line.textContent = text;
  };
  const beat = async () => {
    if (!page.dataset.presence || document.visibilityState === "hidden") return;
    try {
      const response = await stay();
      if (response.ok) show(await response.json());
    } catch {
      // Offline: the autosave line says so.
    }
  };
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", () => page.dataset.presence && leave());
};
