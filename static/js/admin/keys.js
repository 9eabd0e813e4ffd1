// Keyboard shortcuts of the newsroom's pages; "?" lists them.
const WAIT = 1200;
const dialog = document.getElementById("keys");
const places = dialog
  ? { d: dialog.dataset.desk, l: dialog.dataset.list, c: dialog.dataset.calendar, n: dialog.dataset.new }
  : {};
let going = 0;

/** @param {any} target */
const writing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.altKey && event.key.toLowerCase() === "p") {
    const link = document.querySelector("[data-key=preview]");
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (!dialog || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < WAIT && places[event.key]) {
    event.preventDefault();
    going = 0;
    location.assign(places[event.key]);
  }
});
