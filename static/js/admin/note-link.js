// Whoever comes to the form by a link to a note (`#fn-…`) lands in that note, once the editor is there.
const NOTE = /^#fn-([a-z0-9]{4,16})$/;

document.addEventListener("newsroom:body-ready", ({ detail }) => {
  const key = NOTE.exec(window.location.hash)?.[1];
  if (key && detail.editor.commands.goToFootnote(key)) detail.editor.view.focus();
});
