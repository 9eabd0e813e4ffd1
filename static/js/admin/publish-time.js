// Under a date and time: what they mean by the newsroom's clock, and the choice where it shows the time twice.
/** @import { MomentAnswer } from "./shapes.d.ts" */
import { all, required } from "../elements.js";

const PAUSE = 1500; // after the last key of something that cannot be read yet

/**
 * @param {HTMLElement} box
 * @param {string} address
 */
export const startMoment = (box, address) => {
  const [day, clock] = all(box, "input", HTMLInputElement);
  const which = required(box, ".moment-which", HTMLElement);
  const select = required(which, "select", HTMLSelectElement);
  const line = required(box, ".moment-said", HTMLElement);
  const typed = () => `${day.value} ${clock.value} ${select.value}`;
  let asked = typed();
  let latest = 0;
  /** @type {MomentAnswer} */
  let found = {}; // the answer to `asked`
  let waiting = 0;

  /**
   * @param {string} words
   * @param {boolean} [wrong]
   */
  const say = (words, wrong = false) => {
    line.textContent = words;
    line.classList.toggle("is-wrong", wrong);
  };

  /** What was read stands in the fields when the writer goes on: “tomorrow” would be another day after midnight. */
  const settle = () => {
    if (asked !== typed() || !found.day || !found.clock) return;
    const before = [day.value, clock.value];
    [day.value, clock.value] = [found.day, found.clock];
    asked = typed();
    for (const [index, input] of [day, clock].entries())
      if (input.value !== before[index]) input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const show = () => {
    clearTimeout(waiting);
    const within = box.contains(document.activeElement);
    if (found.unfinished && within) {
      // Not at every key: half a date is no mistake yet.
      say("");
      waiting = setTimeout(() => say(found.refused ?? "", true), PAUSE);
    } else say(found.refused ?? found.said ?? "", Boolean(found.refused));
    if (!within) settle();
  };

  const ask = async () => {
    const now = typed();
    if (day.disabled) return;
    if (now === asked) {
      if (found.unfinished || found.day) show();
      return;
    }
    asked = now;
    found = {};
    latest += 1;
    const mine = latest;
    const query = new URLSearchParams({ date: day.value, time: clock.value, which: select.value });
    /** @type {MomentAnswer} */
    let answer;
    try {
      const response = await fetch(`${address}?${query}`, { credentials: "same-origin", redirect: "manual" });
      answer = response.ok ? await response.json() : {};
    } catch {
      answer = {};
    }
    if (mine !== latest) return;
    found = answer;
    const twice = answer.twice ?? [];
    which.hidden = twice.length === 0;
    if (!twice.length) select.value = "";
    twice.forEach((words, index) => {
      select.options[index + 1].textContent = words;
    });
    show();
  };

  // The admin's calendar and clock set the value without an event, and then give the field the focus.
  for (const kind of ["input", "change", "focusin", "focusout"])
    box.addEventListener(kind, () => setTimeout(ask, 0));
};
