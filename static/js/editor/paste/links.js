// Addresses as they should be stored: without tracking, without the detours that mail and search programs add.
// releases/text/links.py has the same rules by the same table.
import { links } from "../tables.js";

const TRACKING = new RegExp(`^(?:${links.tracking.join("|")})$`, "i");
// Where a detour keeps the address that it leads to.
/** @type {[host: RegExp, name: string, path: string][]} */
const DETOURS = links.detours.map(([host, name, path]) => [new RegExp(`^(?:${host})$`), name, path]);

/**
 * The address behind a redirector, or null.
 * @param {URL} url
 */
const behind = (url) => {
  for (const [host, name, path] of DETOURS)
    if (host.test(url.hostname) && (!path || url.pathname === path)) {
      const target = url.searchParams.get(name);
      if (target && /^https?:/i.test(target)) return target;
    }
  const proofpoint =
    /^urldefense\.com$/.test(url.hostname) && /^\/v3\/__(https?:\/*.+?)__;/.exec(url.pathname + url.search);
  return proofpoint ? proofpoint[1].replace(/^(https?:)\/*/, "$1//") : null;
};

/**
 * `address` without tracking parameters; everything else of it stays as it was written.
 * @param {string} address
 */
const withoutTracking = (address) => {
  const found = /^([^?#]*)\?([^#]*)(#.*)?$/s.exec(address);
  if (!found) return address;
  const [, before, query, after] = found;
  const kept = query.split("&").filter((pair) => !TRACKING.test(pair.split("=")[0]));
  if (kept.length === query.split("&").length) return address;
  return before + (kept.length ? `?${kept.join("&")}` : "") + (after ?? "");
};

/**
 * {href, tracked}: the address to store, or null where it leads nowhere for a reader (file:, javascript:,
 * places inside the pasted page, relative addresses of another site).
 * @param {string} raw
 */
export const cleanHref = (raw) => {
  let address = (raw ?? "")
    .replace(/[\u0000-\u0020\u00a0]+/g, (space, at) => (at ? "%20" : ""))
    .replace(/(?:%20)+$/, "");
  // Several addresses may stand behind one another.
  if (/^mailto:[^@?]+@[^@?]+(?:@[^@?]+)*(?:\?.*)?$/is.test(address)) {
    const plain = address.split("?")[0];
    return { href: plain, tracked: false };
  }
  if (!/^https?:\/\//i.test(address)) return { href: null, tracked: false };
  let tracked = false;
  for (let hop = 0; hop < 3; hop++) {
    let target;
    try {
      target = behind(new URL(address));
    } catch {
      return { href: null, tracked };
    }
    if (!target) break;
    address = target;
    tracked = true;
  }
  const href = withoutTracking(address);
  return { href, tracked: tracked || href !== address };
};
