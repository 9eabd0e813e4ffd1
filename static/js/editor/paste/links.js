// Addresses as they should be stored: without tracking, without the detours that mail and search programs add.

const TRACKING = new RegExp(
  "^(?:utm_\\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|li_fat_id|igshid|igsh|yclid|ysclid|" +
    "mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs\\w+|hsctatracking|vero_id|vero_conv|oly_anon_id|oly_enc_id|" +
    "wickedid|rb_clickid|s_cid|ml_subscriber\\w*|_openstat|spm|srsltid|at_medium|at_campaign|cmpid)$",
  "i",
);

// Where a detour keeps the address that it leads to.
/** @type {[host: RegExp, name: string, path?: string][]} */
const DETOURS = [
  [/(?:^|\.)safelinks\.protection\.outlook\.com$/, "url"],
  [/(?:^|\.)google\.[a-z.]{2,6}$/, "q", "/url"],
  [/(?:^|\.)google\.[a-z.]{2,6}$/, "url", "/url"],
  [/^(?:l|lm)\.facebook\.com$/, "u", "/l.php"],
  [/(?:^|\.)linkedin\.com$/, "url", "/redir/redirect"],
  [/(?:^|\.)youtube\.com$/, "q", "/redirect"],
];

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
  const [, before, query, after] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(address);
  if (query === undefined) return address;
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
