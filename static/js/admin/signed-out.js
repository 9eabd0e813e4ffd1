// The page that keeps the words of somebody signed out: when they are signed in again, it goes on by itself.
import { token } from "./fields.js";
import { onSignedIn, opensSignIn } from "./session.js";

const form = /** @type {Form} */ (document.querySelector("[data-held]"));
opensSignIn(document.querySelector("[data-sign-in]"));
form.addEventListener("submit", () => token(form, form));
onSignedIn(() => form.requestSubmit(form.querySelector("button")));
