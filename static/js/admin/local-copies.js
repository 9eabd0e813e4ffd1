// The copies of what is being typed that this browser keeps until the server has said that it holds them.
//
// One for each opened form (`visit`), so that two tabs never write over each other's. IndexedDB, not localStorage:
// Chromium writes localStorage out only every few seconds, so a killed browser would lose them; a committed transaction
// has left the process.
/**
 * The words of an open form, with what is needed to go on from them.
 * @typedef {object} Copy
 * @property {number} at when it was made, in milliseconds
 * @property {string} words as `snapshot` gives them
 * @property {string} more as `beside` gives it
 * @property {string} visit
 * @property {string[]} [follows] earlier visits whose words are part of these
 * @property {number} [turn] the number under which just this was sent, or 0
 * @property {number} [last] the last number that was sent
 * @property {string} seen the save that the words are written upon; "0" beside a colleague's text, where that is still to be chosen
 * @property {string} [upon] the same, whatever is to be chosen
 * @property {string} [uuid]
 */
/** @typedef {Copy & { key: string }} StoredCopy */

const NAME = "newsroom";
const STORE = "drafts";
const KEPT_FOR = 90 * 24 * 3600 * 1000; // as long as the server keeps its receipts (workflow/receipts.py)
const ANSWER = 200; // how long other tabs have to say that they are open

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

const open = () =>
  (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
const run = async (mode, act) => {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    // Not left to wait for its answers: it is carried out even if this page is gone the next moment.
    transaction.commit?.();
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
};

/**
 * A browser that keeps nothing (private windows, full disks) is no reason to stop writing.
 * @template T
 * @param {Promise<T>} doing
 */
const quietly = async (doing) => {
  try {
    return await doing;
  } catch (error) {
    console.warn("This browser keeps no copy:", error);
    return undefined;
  }
};

/** A name for this opened form. (`randomUUID` exists in secure contexts alone.) */
export const newVisit = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * @param {string} key
 * @param {Copy} value
 */
export const keep = (key, value) => quietly(run("readwrite", (store) => store.put(value, key)));

/** @param {string} key */
export const drop = (key) => quietly(run("readwrite", (store) => store.delete(key)));

/**
 * All copies under `base`, newest first, each with its `key`; what nobody came back for in months is let go.
 * @param {string} base
 */
export const find = async (base) => {
  const keys = (await quietly(run("readonly", (store) => store.getAllKeys()))) ?? [];
  /** @type {StoredCopy[]} */
  const found = [];
  for (const key of keys.map(String).filter((one) => one === base || one.startsWith(`${base}:`))) {
    /** @type {Copy | undefined} */
    const copy = await quietly(run("readonly", (store) => store.get(key)));
    if (!copy) continue;
    if (Date.now() - copy.at > KEPT_FOR) await drop(key);
    else found.push({ ...copy, key });
  }
  return found.sort((one, other) => other.at - one.at);
};

/**
 * What the server is told of a copy: of which release it is, and which save it was written upon. Undefined for a new release.
 * @param {StoredCopy} copy
 */
export const written = ({ key, upon, seen }) => {
  const [, release] = key.split(":");
  return release && release !== "new" ? { release, upon: upon || seen } : undefined;
};

// ------------------------------------------------------------------ which forms are open

const channel = "BroadcastChannel" in window ? new BroadcastChannel("newsroom-open") : null;

/**
 * Answer for this form while it is open; one that is being left answers no more.
 * @param {string} visit
 */
export const answerFor = (visit) => {
  let here = true;
  window.addEventListener("pagehide", () => (here = false));
  window.addEventListener("pageshow", () => (here = true));
  channel?.addEventListener(
    "message",
    ({ data }) => data === "who?" && here && channel.postMessage({ visit }),
  );
};

/** The visits of the other forms that are open in this browser. */
export const othersOpen = async () => {
  /** @type {Set<string>} */
  const here = new Set();
  if (!channel) return here;
  /** @param {MessageEvent<{ visit?: string }>} it */
  const hear = ({ data }) => data.visit && here.add(data.visit);
  channel.addEventListener("message", hear);
  channel.postMessage("who?");
  await new Promise((resolve) => {
    setTimeout(resolve, ANSWER);
  });
  channel.removeEventListener("message", hear);
  return here;
};
