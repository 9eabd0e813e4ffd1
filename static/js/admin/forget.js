// Copies of before a removal of words are dropped, in the form and at the desk. Nobody is told which words those were.
import { optional, required } from "../elements.js";
import { drop, find, othersOpen, written } from "./local-copies.js";
import { ask } from "./session.js";

/** @param {ParentNode} place */
export const sayForgotten = (place) => {
  const line = required(place, "[data-kept-forgotten]", HTMLElement);
  line.textContent = line.dataset.said ?? "";
  line.hidden = false;
};

/**
 * All copies of whoever is at the desk; a form that is open looks after its own.
 * @param {HTMLElement} desk
 */
const forget = async (desk) => {
  const form = document.querySelector("#logout-form");
  if (!(form instanceof HTMLFormElement)) return;
  const open = await othersOpen();
  for (const copy of await find(desk.dataset.user ?? "")) {
    const of = written(copy);
    if (!of || !copy.visit || open.has(copy.visit)) continue;
    if (!(await ask(desk, form, copy.visit, of)).forget) continue;
    await drop(copy.key);
    sayForgotten(desk);
  }
  desk.dataset.kept = "looked"; // for whoever waits for this
};

const desk = optional(document, "#content-main[data-taken]", HTMLElement);
if (desk) forget(desk);
