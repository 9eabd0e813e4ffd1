// Passkeys on the pages of signing in: show the buttons where passkeys work, and say in words when one did not.

/**
 * What the page says of an error, by the error's name.
 * @type {Record<string, "refused" | "registered">}
 */
const REASONS = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "registered" };
/** @type {NodeListOf<HTMLElement>} */
const buttons = document.querySelectorAll("[data-passkey]");
const problem = document.getElementById("passkey-problem");
const missing = document.getElementById("passkey-missing");

// Not before allauth's scripts listen to the buttons, which they do at this same moment, earlier in line.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  for (const button of buttons) button.hidden = false;
  if (missing) missing.hidden = true;
});

// allauth's scripts report every failure by this event; unheard, it would only reach the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (!problem) return;
  problem.textContent = problem.dataset[REASONS[event.detail.exception?.name ?? ""] ?? "failed"] ?? "";
  problem.hidden = false;
});
