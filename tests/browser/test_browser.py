"""The browser itself works here, and is held to this machine."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def test_the_browser_renders_a_page_and_runs_its_script(page: Page) -> None:
    page.set_content("<p id=a>before</p><script>document.getElementById('a').textContent = 'after'</script>")
    assert page.inner_text("#a") == "after"


def test_axe_names_a_picture_without_words(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>Title</h1><img src='data:,'></main></html>")
    assert [line.split()[0] for line in axe(page)] == ["image-alt"]
