// The page that keeps the words of somebody signed out: when they are signed in again, it goes on by itself.
import { required } from "../elements.js";
import { token } from "./fields.js";
import { onSignedIn, opensSignIn } from "./session.js";

const form = required(document, "[data-held]", HTMLFormElement);
opensSignIn(required(document, "[data-sign-in]", HTMLAnchorElement));
form.addEventListener("submit", () => token(form, form));
onSignedIn(() => form.requestSubmit(required(form, "button", HTMLButtonElement)));
