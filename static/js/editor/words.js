// Words shown to the writer: translation with Django's catalogue where the page loads it.

const catalogue = globalThis.window ?? {};

export const gettext = (text) => (catalogue.gettext ? catalogue.gettext(text) : text);

export const ngettext = (one, many, n) =>
  catalogue.ngettext ? catalogue.ngettext(one, many, n) : n === 1 ? one : many;

/** Put the values of `named` into the %(name)s places of `text`. */
export const fill = (text, named) => text.replace(/%\((\w+)\)s/g, (_, name) => String(named[name]));

/** "1 picture", "3 pictures": both forms hold %(n)s. */
export const plural = (n, one, many) => fill(ngettext(one, many, n), { n });
