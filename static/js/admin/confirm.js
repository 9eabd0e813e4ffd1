// On the page that asks before something goes out, Escape goes back to the form, as "Cancel" does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
  const back = document.querySelector("[data-back]");
  if (!back) return;
  event.preventDefault();
  location.assign(back.href);
});
