// Proposals under the search field while somebody types: a combobox (ARIA 1.2) over what /search/suggest answers.

const WAIT = 150; // milliseconds after the last key
const SHORTEST = 2;

/** @type {NodeListOf<HTMLInputElement>} */
const fields = document.querySelectorAll("input[data-suggest]");
for (const input of fields) {
  propose(input);
}

/** @param {HTMLInputElement} input */
function propose(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-proposals`;
  list.className = "proposals";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.proposals ?? "");
  list.hidden = true;
  input.form?.append(list);
  for (const [name, value] of Object.entries({
    // A search field cannot be a combobox (ARIA in HTML); what a phone's keyboard offers stays that of a search.
    type: "text",
    inputmode: "search",
    enterkeyhint: "search",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-owns": list.id, // ARIA 1.0's way to say so: with 1.2's alone the W3C's checker misses what is active
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }

  let chosen = -1;
  let timer = 0;
  let asking = new AbortController();

  function close() {
    clearTimeout(timer);
    asking.abort(); // what is on its way would open it again
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} next */
  function choose(next) {
    const options = [...list.children];
    chosen = (next + options.length + 1) % (options.length + 1); // one past the last is the field itself
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    if (options[chosen]) {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    } else {
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
    }
  }

  /**
   * What is proposed: to the words asked for, names, kinds and addresses, side by side (OpenSearch Suggestions).
   * @param {[asked: string, names: string[], kinds: string[], addresses: string[]]} answer
   */
  function show([, names, kinds, addresses]) {
    list.replaceChildren(
      ...names.map((name, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dir = "auto";
        if (kinds[place] !== "topic" && kinds[place] !== document.documentElement.lang) {
          option.lang = kinds[place]; // of a release it says the language
        }
        option.textContent = name;
        option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
        option.addEventListener("click", () => location.assign(new URL(addresses[place]).pathname));
        return option;
      }),
    );
    chosen = -1;
    list.hidden = names.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const words = input.value;
    if (words.trim().length < SHORTEST && !/[^\x00-\u024f]/.test(words)) {
      close();
      return;
    }
    try {
      const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`, {
        signal: asking.signal,
      });
      if (answer.ok && document.activeElement === input) {
        show(await answer.json());
      }
    } catch (problem) {
      if (/** @type {Error} */ (problem).name !== "AbortError") {
        close(); // the line is down: the form works without proposals
      }
    }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) {
      timer = setTimeout(ask, WAIT);
    }
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (list.hidden) {
      if (event.key === "Escape") {
        close();
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const from = chosen < 0 && event.key === "ArrowUp" ? list.children.length : chosen;
      choose(event.key === "ArrowDown" ? chosen + 1 : from - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.querySelectorAll("li")[chosen].click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // the field's own Escape would empty it
      close();
    }
  });
}
