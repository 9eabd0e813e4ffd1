// Shapes that the scripts of the release form share: what the server answers, and how far saving is. No browser reads this file.
import type { StoredCopy } from "./local-copies.js";

/** What the server has of a form that was opened: the number of its last sending, and whether all of that is kept. */
export interface Receipt {
  turn: number;
  whole: boolean;
  seen: number;
  pk: number;
}

/** Autosave: the draft is saved. */
export interface SaveAnswer {
  who: string;
  when: string;
  saved: string;
  seen: number;
  pk: number;
  slug: string;
  address: string;
  /** Names of the fields whose content a draft cannot hold yet. */
  unkept: string[];
  /** The version from before the draft lost many words. */
  kept: { said: string; address: string } | null;
  whole: boolean;
  turn: number | null;
}

/** Autosave: the draft is not saved. */
export interface SaveRefusal {
  another?: string;
  /** `removed`: words were removed from everything since. */
  conflict?: { who: string; when: string; removed: boolean };
  reasons?: string[];
}

/** Who else has the release open. */
export interface PresenceAnswer {
  others?: { name: string; since: string }[];
  seen?: number;
  who?: string;
  when?: string;
  /** The first save without the words that were last removed from everything. */
  cleaned?: number;
}

/** How a date and time are read; `twice` holds the two moments that an hour at the end of summer time can mean. */
export interface MomentAnswer {
  said?: string;
  refused?: string;
  unfinished?: boolean;
  twice?: string[];
  day?: string;
  clock?: string;
}

/** A picture of the library. */
export interface PictureAnswer {
  uuid: string;
  name: string;
  size: string;
  small: string;
}

/** What a Word file says. */
export interface WordFile {
  title: string;
  place: string;
  date: string;
  time: string;
  body: string;
  report: string[];
}

/** Why there is nothing else in the answer. */
export interface Failure {
  error: string;
}

/** What autosave knows of an open form. */
export interface AutosaveState {
  url: string;
  /** Why nothing is saved by itself, or "". */
  hold?: string;
  /** What the server is known to hold. */
  saved: string | null;
  /** What the server holds but for fields that no draft can hold yet. */
  unkept: string | null;
  /** Sent, and not answered. */
  pending: { words: string; turn: number } | null;
  /** Sent last. */
  sent: { words: string; more: string; turn: number } | null;
  turn: number;
  /** Why the words that are sent replace what is stored, as far as a script said so. */
  reason: string;
  /** Earlier visits whose words this form has taken over. */
  follows: Set<string>;
  busy: Promise<void> | null;
  due: number;
  since: number;
  copying: number;
}

/** Put the words of an earlier visit into the form; `held` is what the server has of them. */
export type TakeOver = (
  found: StoredCopy,
  options?: { held?: Receipt | null; reason?: string },
) => Promise<void>;
