// What earlier visits left behind in this browser: dropped where the server says that it holds it, else offered.
/** @import { AutosaveState, Receipt, TakeOver } from "./shapes.d.ts" */
/** @import { StoredCopy } from "./local-copies.js" */
import { required, requiredField } from "../elements.js";
import { drop, find, othersOpen, written } from "./local-copies.js";
import { sayForgotten } from "./forget.js";
import { beside, snapshot } from "./fields.js";
import { ask } from "./session.js";
import { gettext, interpolate } from "../words.js";

const MOMENT = 15_000; // a form that is opened again this soon after another one was left goes on where that was

/**
 * @param {StoredCopy} found
 * @param {Receipt | null | undefined} taken
 */
const isHeld = (found, taken) =>
  Boolean(
    taken?.whole && (taken.turn > (found.last ?? Infinity) || (found.turn && taken.turn >= found.turn)),
  );

/**
 * Go through the copies, newest first; `way` is what autosave.js lends of itself.
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @param {object} way
 * @param {() => string} way.base
 * @param {() => string} way.key
 * @param {boolean} way.refused
 * @param {AutosaveState} way.state
 * @param {TakeOver} way.takeOver
 */
export const offerCopies = async (page, form, way) => {
  const { state } = way;
  const box = required(form, "[data-kept]", HTMLElement);
  const untouched = () => snapshot(form) === state.saved;

  /**
   * What is left to be decided by the writer.
   * @type {StoredCopy[]}
   */
  const waiting = [];
  const open = await othersOpen();
  const copies = await find(way.base());
  const followed = new Set(copies.flatMap((one) => one.follows ?? []));
  for (const found of copies) {
    if (found.key === way.key() || open.has(found.visit)) continue;
    if (followed.has(found.visit)) {
      await drop(found.key); // a later copy has all of it
      continue;
    }
    const shown = found.words === snapshot(form) && (!found.more || found.more === beside(form));
    if (shown) {
      // The server has just sent them; or they were refused, and this form's own copy has them.
      await drop(found.key);
      continue;
    }
    const { taken, forget } = found.visit ? await ask(page, form, found.visit, written(found)) : {};
    if (forget) {
      await drop(found.key);
      sayForgotten(form);
      continue;
    }
    const seen = Number(requiredField(form, "seen").value);
    const recent = page.dataset.pk && Date.now() - found.at < MOMENT && !way.refused && untouched();
    // Written upon just what this page shows, or upon that visit's own save.
    const upon = Number(found.seen) === seen || taken?.seen === seen;
    if (taken && isHeld(found, taken)) {
      // This page was made before that save arrived.
      if (recent && taken.seen > seen) await way.takeOver(found, { held: taken });
      await drop(found.key);
    } else if (recent && upon && !state.hold && !found.more) await way.takeOver(found);
    else waiting.push(found);
  }

  const next = () => {
    const [found] = waiting;
    box.hidden = !found;
    if (!found) return;
    const when = new Date(found.at).toLocaleString(document.documentElement.lang || undefined);
    required(box, "p", HTMLElement).textContent = interpolate(
      gettext("This browser kept changes that were not saved: %(when)s."),
      { when },
    );
  };
  required(box, "[data-kept-take]", HTMLElement).addEventListener("click", () => {
    const found = waiting.shift();
    waiting.length = 0; // others would replace it; they are offered again another time
    next();
    if (found) way.takeOver(found, { reason: "copy" });
  });
  required(box, "[data-kept-drop]", HTMLElement).addEventListener("click", async ({ detail }) => {
    // The second click of a double click would discard the next copy, which nobody has been asked about.
    const found = detail > 1 ? undefined : waiting.shift();
    if (!found) return;
    await drop(found.key);
    next();
  });
  next();
  box.dataset.kept = "looked"; // for whoever waits for this
};
