// Searches a mirror of the site where there is no server: from a web server of any kind, a disk or a USB stick. A plain
// script, because a browser loads no module from a disk. The index, and how words are cut into terms, is described in
// `releases/static_site/search_index.py`; what is wanted of it comes by script elements, since a disk answers no fetch().
(() => {
  const MOST = 50;
  const LONGEST = 48;
  const UNSPACED = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}";
  const WORD = /[\p{L}\p{N}\p{M}]+/gu;
  const RUN = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
  const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");

  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL("../../", own.src);
  const place = /** @type {HTMLElement} */ (document.querySelector("[data-mirror-search]"));
  /** @type {Map<string, (value: any) => void>} */
  const waiting = new Map();
  /** @type {Map<string, Promise<any>>} */
  const loaded = new Map();

  // What the files of the index call.
  /** @type {any} */ (window).mirrorSearch = {
    contents: (/** @type {any} */ value) => waiting.get("contents")?.(value),
    simplified: (/** @type {any} */ value) => waiting.get("simplified")?.(value),
    cards: (/** @type {string} */ name, /** @type {any} */ value) => waiting.get(name)?.(value),
    terms: (/** @type {string} */ name, /** @type {string} */ value) => waiting.get(name)?.(value),
  };

  /** @param {string} name */
  function load(name) {
    let promise = loaded.get(name);
    if (!promise) {
      promise = new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = new URL(`search-index/${name}.js`, root).href;
        script.addEventListener("error", () => reject(new Error(name)));
        document.head.append(script);
      });
      loaded.set(name, promise);
    }
    return promise;
  }

  /** @param {string} text */
  async function fold(text) {
    const plain = text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase();
    if (!new RegExp(`[${UNSPACED}]`, "u").test(plain)) {
      return plain;
    }
    const [traditional, simplified] = await load("simplified");
    const table = new Map([...traditional].map((one, at) => [one, [...simplified][at]]));
    return [...plain].map((one) => table.get(one) ?? one).join("");
  }

  /**
   * What has to stand in a text: a term, or with `start` any term that begins like this.
   * @param {string} text
   */
  async function wanted(text) {
    /** @type {{term: string, start: boolean}[]} */
    const found = [];
    for (const word of (await fold(text)).match(WORD) ?? []) {
      for (const run of word.match(RUN) ?? []) {
        const characters = [...run];
        if (!STARTS_UNSPACED.test(run)) {
          // Wells, well; any ending is found.
          const plain = /^[a-z]{4,}s$/.test(run) && !run.endsWith("ss") ? run.slice(0, -1) : run;
          found.push({ term: [...plain].slice(0, LONGEST).join(""), start: true });
        } else if (characters.length === 1) {
          found.push({ term: run, start: false });
        } else {
          for (let at = 0; at + 1 < characters.length; at += 1) {
            found.push({ term: characters[at] + characters[at + 1], start: false });
          }
        }
      }
    }
    return found;
  }

  /**
   * The entries of a segment that have a term: how often it stands in their titles, by their number.
   * @param {string} segment
   * @param {string[]} firsts
   * @param {{term: string, start: boolean}} one
   */
  async function entriesWith(segment, firsts, { term, start }) {
    let from = 0;
    while (from + 1 < firsts.length && firsts[from + 1] <= term) {
      from += 1;
    }
    const found = new Map();
    for (let shard = from; shard < firsts.length; shard += 1) {
      if (shard > from && !firsts[shard].startsWith(term)) {
        break;
      }
      for (const line of (await load(`${segment}-${shard}`)).split("\n")) {
        const [name, ...places] = line.split(" ");
        if (name === term || (start && name.startsWith(term))) {
          let last = 0;
          for (const written of places) {
            const number = Number.parseInt(written, 36);
            last += number >> 1;
            found.set(last, (found.get(last) ?? 0) + (number & 1));
          }
        }
      }
      if (!start) {
        break;
      }
    }
    return found;
  }

  /** @param {string} text */
  async function search(text) {
    const [contents, terms] = [await load("contents"), await wanted(text)];
    /** @type {{segment: string, number: number, title: number}[]} */
    const hits = [];
    for (const [segment, { first }] of terms.length ? Object.entries(contents) : []) {
      const all = await Promise.all(terms.map((one) => entriesWith(segment, first, one)));
      for (const number of all[0].keys()) {
        if (all.every((entries) => entries.has(number))) {
          const title = all.filter((entries) => entries.get(number) > 0).length;
          hits.push({ segment, number, title });
        }
      }
    }
    // What names it in its title comes first, then the newest.
    hits.sort(
      (one, other) =>
        other.title - one.title || Number(other.segment) - Number(one.segment) || other.number - one.number,
    );
    return hits;
  }

  /** @param {{segment: string, number: number}} hit */
  async function item({ segment, number }) {
    const cards = await load(`${segment}-cards-${Math.floor(number / 100)}`);
    const [path, title, summary, language, day] = cards[number % 100];
    const [li, heading, link, about, time] = ["li", "h2", "a", "p", "time"].map((name) =>
      document.createElement(name),
    );
    li.className = "item";
    li.lang = language;
    li.dir = "auto";
    heading.className = "item-title";
    about.className = "item-summary";
    /** @type {HTMLAnchorElement} */ (link).href = new URL(path, root).href;
    link.textContent = title;
    about.textContent = `${summary} `;
    /** @type {HTMLTimeElement} */ (time).dateTime = day;
    time.textContent = day;
    heading.append(link);
    about.append(time);
    li.append(heading, about);
    return li;
  }

  async function show() {
    const text = new URLSearchParams(location.search).get("q") ?? "";
    const input = /** @type {HTMLInputElement} */ (document.getElementById("q"));
    const said = document.createElement("p");
    const list = document.createElement("ol");
    said.className = "search-said";
    said.setAttribute("role", "status");
    list.className = "item-list hits";
    input.value = text;
    if (!text.trim()) {
      place.replaceChildren();
      return;
    }
    place.replaceChildren(said, list);
    try {
      const hits = await search(text);
      const { found = "", more = "", nothing = "" } = place.dataset;
      const counted = found.replace("0", String(hits.length));
      said.textContent = hits.length === 0 ? nothing : hits.length > MOST ? `${counted}. ${more}` : counted;
      list.append(...(await Promise.all(hits.slice(0, MOST).map(item))));
      list.hidden = hits.length === 0;
    } catch {
      said.textContent = place.dataset.broken ?? "";
    }
  }

  show();
})();
