// The one door to django-prose-editor's bundle (Tiptap and ProseMirror).
//
// A relative address instead of a bare name: it needs no import map, so the edit page has no inline
// script at all, and hashed static file names are rewritten like those of our own modules.
export * from "../../django_prose_editor/editor.js";
