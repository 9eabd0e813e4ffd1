// Says every ten seconds that this release is open here, and shows who else is in it.
import { token } from "./fields.js";
import { gettext, interpolate } from "../words.js";

const EVERY = 10_000;

/**
 * @param {PageElement} page
 * @param {Form} form
 * @param {any} autosave
 */
export const startPresence = (page, form, autosave) => {
  const line = form.querySelector("[data-others]");
  /** @param {any} [more] */
  const send = (more = {}) => {
    const body = new URLSearchParams({ ...more, csrfmiddlewaretoken: token(page, form) });
    if (more.leave) return navigator.sendBeacon(page.dataset.presence, body);
    return fetch(page.dataset.presence, {
      method: "POST",
      body,
      redirect: "manual",
      credentials: "same-origin",
    });
  };
  /** @param {{ others?: any; seen: any; who: any; when: any }} it */
  const show = ({ others = [], seen, who, when }) => {
    if (!line) return;
    const names = others.map((one) => interpolate(gettext("%(name)s (since %(since)s)"), one)).join(", ");
    const newer =
      Number(seen) > Number(form.elements.seen?.value) && !autosave?.state.busy && !autosave?.state.pending;
    const said = [
      names && `${gettext("Also here:")} ${names}`,
      newer && interpolate(gettext("%(who)s saved a newer text at %(when)s."), { who, when }),
    ];
    const text = said.filter(Boolean).join(" · ");
    if (line.textContent.replace(/\s+/g, " ").trim() !== text) line.textContent = text;
  };
  const beat = async () => {
    if (!page.dataset.presence || document.visibilityState === "hidden") return;
    try {
      const response = /** @type {Response} */ (await send());
      if (response.ok) show(await response.json());
    } catch {
      // Offline: the autosave line says so.
    }
  };
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pagehide", () => page.dataset.presence && send({ leave: "1" }));
};
