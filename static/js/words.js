// Words shown to staff: by Django's catalogue (`/admin/jsi18n/`), which staff pages load before any module; English without it.
// `manage.py makemessages -d djangojs` finds what stands as a literal in `gettext` and `ngettext`, and nothing else.

const catalogue = globalThis.window ?? {};

export const gettext = (text) => (catalogue.gettext ? catalogue.gettext(text) : text);

/** The form of "%(n)s picture" and "%(n)s pictures" that `n` asks for; `interpolate` puts the number in. */
export const ngettext = (one, many, n) =>
  catalogue.ngettext ? catalogue.ngettext(one, many, n) : n === 1 ? one : many;

/** Put the values of `named` into the %(name)s places of `text`. */
export const interpolate = (text, named) => text.replace(/%\((\w+)\)s/g, (_, name) => String(named[name]));
