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
    const menu = link.closest("details");
    await openDialog(link.href, menu?.querySelector("summary") ?? link);
    menu?.removeAttribute("open");
  });
}

/**
 * Shows the part of a page that is marked with data-confirm; goes to the page where that cannot be.
 * @param {string} address
 * @param {Element | null} back gets the focus when the dialog closes
 */
export async function openDialog(address, back) {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector("[data-confirm]");
  if (!answer.ok || !content) {
    window.location.assign(address);
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
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back instanceof HTMLElement) back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
