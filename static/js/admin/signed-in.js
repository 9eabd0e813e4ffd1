// The end of a sign-in that an open form asked for.
import { tellSignedIn } from "./session.js";

tellSignedIn();
window.close(); // a window that a script has opened; another one stays and says what to do
