/** Whether what an open page shows may still be seen. Access ends at once on the server; this ends it in open tabs too. */

/** How often is asked while the tab is visible, in milliseconds. */
const EVERY = 30_000;

/** Watches the page when it names the address to ask at; nothing it shows stays once that says no. */
export function watchAccess() {
  const main = document.querySelector("main[data-still]");
  const address = main instanceof HTMLElement ? main.dataset.still : undefined;
  if (!address) return;
  const ask = () => void check(address);
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

/**
 * Asks once; a lost connection says nothing about access, so the page stays.
 * @param {string} address
 */
async function check(address) {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(address, { cache: "no-store", redirect: "manual" }).catch(() => null);
  if (answer === null || answer.ok || answer.status >= 500) return;
  document.querySelector("main")?.replaceChildren();
  location.reload();
}
