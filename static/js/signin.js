// Passkeys on the pages of signing in: show the buttons where passkeys work, and say in words when one did not.

const problem = document.getElementById("passkey-problem");
const missing = document.getElementById("passkey-missing");

// Not before allauth's scripts listen to the buttons, which they do at this same moment, earlier in line.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
  if (missing) missing.hidden = true;
});

// allauth's scripts report every failure by this event; unheard, it would only reach the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (!problem) return;
  const name = event.detail.exception?.name;
  const text = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "registered" }[name];
  problem.textContent = problem.dataset[text ?? "failed"];
  problem.hidden = false;
});
