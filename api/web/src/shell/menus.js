/** Closes an open menu (a details element) with Escape or a click elsewhere. */

const MENUS = "details.menu[open], details.me[open]";

export function closeMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(MENUS)) {
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(MENUS)) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });
}
