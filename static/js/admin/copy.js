// The copy of what is being typed that this browser keeps until the server has it.
//
// IndexedDB, not localStorage: Chromium writes localStorage out only every few seconds, so a killed browser would
// lose them; a committed transaction has left the process.
const NAME = "newsroom";
const STORE = "drafts";
const KEPT_FOR = 7 * 24 * 3600 * 1000;

let opened;

const open = () =>
  (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));

const run = async (mode, act) => {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
};

/** A browser that keeps nothing (private windows, full disks) is no reason to stop writing. */
const quietly = async (doing) => {
  try {
    return await doing;
  } catch (error) {
    console.warn("This browser keeps no copy:", error);
    return undefined;
  }
};

export const keep = (key, value) => quietly(run("readwrite", (store) => store.put(value, key)));

export const drop = (key) => quietly(run("readwrite", (store) => store.delete(key)));

export const find = async (key) => {
  const found = await quietly(run("readonly", (store) => store.get(key)));
  if (found && Date.now() - found.at > KEPT_FOR) {
    await drop(key);
    return undefined;
  }
  return found;
};
