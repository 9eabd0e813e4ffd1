// What the type checker is told of the browser beyond its own library; no browser reads this file.
import type { SaveAnswer } from "./admin/shapes.d.ts";
import type { Editor } from "./editor/tiptap.js";

/** Our own events, and what each carries in `detail`. */
interface OwnEvents {
  /** The draft is saved. */
  "newsroom:saved": CustomEvent<SaveAnswer>;
  /** The words are about to be replaced; autosave puts in whether those that stand there are saved. */
  "newsroom:before": CustomEvent<{ kept?: Promise<boolean> }>;
  /** The editor of a body stands. */
  "newsroom:body-ready": CustomEvent<{ editor: Editor }>;
  /** HTML that replaces the text of the editor, or comes in at its caret. */
  "newsroom:set-body": CustomEvent<string>;
  "newsroom:insert-body": CustomEvent<string>;
  /** A picture was dropped on the page. */
  "newsroom:picture": CustomEvent<File>;
}

declare global {
  interface Window {
    gettext?(words: string): string;
    ngettext?(one: string, many: string, n: number): string;
  }
  interface HTMLElementEventMap extends OwnEvents {}
  interface DocumentEventMap extends OwnEvents {
    /** A script of allauth's has failed. */
    "allauth.error": CustomEvent<{ exception?: Error }>;
  }
}
