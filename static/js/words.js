// Words shown to staff: by Django's catalogue (`/admin/jsi18n/`), which staff pages load before any module; English without it.
// `manage.py makemessages -d djangojs` finds what stands as a literal in `gettext` and `ngettext`, and nothing else.

/** @type {Partial<Window>} */
const catalogue = globalThis.window ?? {};

/** @param {string} text */
export const gettext = (text) => (catalogue.gettext ? catalogue.gettext(text) : text);

/**
 * The form of "%(n)s picture" and "%(n)s pictures" that `n` asks for; `interpolate` puts the number in.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 */
export const ngettext = (one, many, n) =>
  catalogue.ngettext ? catalogue.ngettext(one, many, n) : n === 1 ? one : many;

/**
 * Put the values of `named` into the %(name)s places of `text`.
 * @param {string} text
 * @param {Record<string, unknown>} named
 */
export const interpolate = (text, named) => text.replace(/%\((\w+)\)s/g, (_, name) => String(named[name]));
