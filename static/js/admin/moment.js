// Under a date and time: what they mean by the newsroom's clock, and the choice where it shows the time twice.
export const startMoment = (box, address) => {
  const [day, clock] = box.querySelectorAll("input");
  const which = box.querySelector(".moment-which");
  const select = which.querySelector("select");
  const line = box.querySelector(".moment-said");
  let asked = `${day.value} ${clock.value} ${select.value}`;
  let latest = 0;

  const ask = async () => {
    const now = `${day.value} ${clock.value} ${select.value}`;
    if (now === asked || day.disabled) return;
    asked = now;
    latest += 1;
    const mine = latest;
    const query = new URLSearchParams({ date: day.value, time: clock.value, which: select.value });
    let answer;
    try {
      const response = await fetch(`${address}?${query}`, { credentials: "same-origin", redirect: "manual" });
      answer = response.ok ? await response.json() : {};
    } catch {
      answer = {};
    }
    if (mine !== latest) return;
    const twice = answer.twice ?? [];
    which.hidden = twice.length === 0;
    if (!twice.length) select.value = "";
    twice.forEach((words, index) => {
      select.options[index + 1].textContent = words;
    });
    line.textContent = answer.refused ?? answer.said ?? "";
    line.classList.toggle("is-wrong", Boolean(answer.refused));
  };

  // The admin's calendar and clock set the value without an event, and then give the field the focus.
  for (const kind of ["input", "change", "focusin", "focusout"]) box.addEventListener(kind, () => setTimeout(ask, 0));
};
