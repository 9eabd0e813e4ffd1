// Entry of the release form: autosave, who else is here, what the date means, the preview beside the text.
import { all, data } from "../elements.js";
import { startAutosave } from "./autosave.js";
import { startBeside } from "./side-preview.js";
import { startMoment } from "./publish-time.js";
import { startPressing } from "./submit.js";
import { startPresence } from "./presence.js";

const start = () => {
  const page = document.getElementById("release-page");
  const form = page?.closest("form");
  if (!page || !form) return;
  for (const moment of all(form, "[data-moment-box]", HTMLElement)) startMoment(moment, data(page, "moment"));
  const autosave = page.dataset.maySave ? startAutosave(page, form) : null;
  if (autosave) startPressing(page, form, autosave);
  startPresence(page, form, autosave);
  startBeside(page, form);
};

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
