"""What a narrow screen must allow: reading without moving sideways, and touching without aiming."""

from __future__ import annotations

from playwright.sync_api import Page

WIDTH = 320
HEIGHT = 720
TARGET_PX = 24
"""WCAG 2.2, 2.5.8."""

_SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1);
  return wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 120));
}"""

# A link inside a sentence may be as small as its words (2.5.8, « Inline »); what is hidden for eyes is no target.
_SMALL = """(least) => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, label:has(input)";
  const inSentence = (one) => {
    const block = one.closest("p, li, dd, dt, figcaption, caption, td, th");
    return getComputedStyle(one).display === "inline" && block && block.innerText.trim() !== one.innerText.trim();
  };
  return [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !(one.matches("input") && one.closest("label")))
    .filter((one) => !(one.matches("a") && inSentence(one)))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height > 1 && (box.width < least || box.height < least))
    .map(([one, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
}"""


def sideways(page: Page) -> list[str]:
    """The elements that make the page wider than the screen."""
    found: list[str] = page.evaluate(_SIDEWAYS)
    return [f"wider than {WIDTH} px: {one}" for one in found]


def small_targets(page: Page) -> list[str]:
    """The controls that are too small to be touched."""
    found: list[str] = page.evaluate(_SMALL, TARGET_PX)
    return [f"smaller than {TARGET_PX} px: {one}" for one in found]
