// The page of a sign-in link. The link's secret stands behind "#", which a browser sends nowhere: no log and no referrer has it.
const form = document.querySelector("form[data-invitation]");
const secret = location.hash.slice(1);

if (form instanceof HTMLFormElement && secret) {
  const field = form.elements.namedItem("link");
  history.replaceState(history.state, "", location.pathname);
  if (field instanceof HTMLInputElement) {
    field.value = secret;
    form.requestSubmit();
  }
}
