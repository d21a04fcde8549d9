/** Opens the page behind a link with data-dialog as a dialog on this page; without script the link just leads there. */

export function watchDialogs() {
  document.addEventListener("click", async (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest("a[data-dialog]");
    const close = target?.closest("dialog [data-dialog-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog")?.close();
    }
    if (!(link instanceof HTMLAnchorElement) || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    await open(link);
  });
}

/** @param {HTMLAnchorElement} link */
async function open(link) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector("[data-confirm]");
  if (!answer.ok || !content) {
    window.location.assign(link.href);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const heading = content.querySelector("h1");
  if (heading) {
    heading.id = "dialog-title";
    dialog.setAttribute("aria-labelledby", "dialog-title");
  }
  dialog.append(document.importNode(content, true));
  const menu = link.closest("details");
  menu?.removeAttribute("open");
  dialog.addEventListener("close", () => {
    dialog.remove();
    (menu?.querySelector("summary") ?? link).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
