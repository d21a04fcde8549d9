/** Who else has this file open, asked every half minute while the page is looked at. */

const EVERY = 30_000;

/**
 * @param {import("./knowledge.js").Knowledge} knowledge
 * @param {HTMLElement | null} place
 */
export async function watchOthers(knowledge, place) {
  if (!place) return;
  const look = async () => {
    if (document.hidden) return;
    const others = await knowledge.others();
    const words = others.length ? `${listed(others)} ${others.length === 1 ? "has" : "have"} this open too.` : "";
    if (place.textContent !== words) place.textContent = words;
    place.hidden = !words;
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  await look();
}

/** @param {string[]} names */
function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
