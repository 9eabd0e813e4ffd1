// @ts-self-types="./tiptap.d.ts"
// The one door to django-prose-editor's bundle (Tiptap and ProseMirror).
//
// A relative address instead of a bare name: nothing has to be mapped in an inline script, and hashed static
// file names are rewritten like those of our own modules. (The rewriting reads comments too: those before a
// module's first line must not hold the words of that line.)
export * from "../../django_prose_editor/editor.js";
