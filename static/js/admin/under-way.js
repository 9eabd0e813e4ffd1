// What is on its way to this form or from it (a picture, an import): a button that is pressed waits for it in sight, and
// leaving the page warns. Every script that brings something says so here.
import { gettext } from "../words.js";

/**
 * @typedef {object} Task
 * @property {string} kind
 * @property {string} words shown to whoever presses a button meanwhile
 * @property {boolean} stopped
 * @property {() => void} [stop] what the writer may press
 * @property {Promise<void>} done
 */

/** @type {Set<Task>} */
const tasks = new Set();
/** @type {Map<string, string>} */
const failures = new Map(); // what did not arrive and is not made good yet, by kind

/**
 * Something of a `kind` ("picture") is on its way. `promise` becomes "" when it is there, or the reason why it is not;
 * `words` are shown to whoever presses a button meanwhile. Gives the task, whose `stop` the writer may press.
 * @param {string} kind
 * @param {string} words
 * @param {Promise<string>} promise
 * @param {() => void} [stop]
 */
export const underWay = (kind, words, promise, stop) => {
  failures.delete(kind);
  const done = promise
    .catch((error) => {
      console.error(error);
      return String(error);
    })
    .then((reason) => {
      tasks.delete(task);
      if (reason && !task.stopped) failures.set(kind, reason);
    });
  /** @type {Task} */
  const task = { kind, words, stopped: false, done };
  if (stop)
    task.stop = () => {
      task.stopped = true;
      stop();
    };
  tasks.add(task);
  return task;
};

/**
 * The writer has chosen something else, or nothing: what did not arrive is not missed any more.
 * @param {string} kind
 */
export const settled = (kind) => failures.delete(kind);

/**
 * Wait until nothing is on its way; `show(task)` says what for. Gives "" when all is here, or what is not: said once, so
 * that whoever presses again goes on without it.
 * @param {(task: Task) => void} show
 */
export const arrived = async (show) => {
  while (tasks.size) {
    const [task] = tasks;
    show(task);
    await task.done;
    if (task.stopped) return gettext("Stopped. Press the button again to go on without it.");
  }
  const missing = [...failures.values()];
  failures.clear();
  return missing.length
    ? `${missing.join(" ")} ${gettext("Press the button again to go on without it.")}`
    : "";
};

window.addEventListener("beforeunload", (event) => {
  if (tasks.size) event.preventDefault();
});
