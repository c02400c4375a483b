/** Where a menu goes, and how the keyboard moves in it (ARIA Authoring Practices, menu button). */

/** Space between a menu and its button, and least space to the window's edges, in CSS pixels. */
const DISTANCE = 12;
const MARGIN = 8;

/**
 * Puts an open menu above its button, or below where there is more space, centred as far as the window lets it; one that
 * is too high for both goes beside the button, if it can.
 */
export function placeMenu(menu: HTMLElement, button: Element): void {
  const { left, top, bottom, width } = button.getBoundingClientRect();
  const above = top - DISTANCE - MARGIN;
  const below = window.innerHeight - bottom - DISTANCE - MARGIN;
  const beside = left - DISTANCE - menu.offsetWidth;
  if (Math.max(above, below) < menu.scrollHeight && beside >= MARGIN) {
    const start = Math.max(MARGIN, Math.min(top, window.innerHeight - MARGIN - menu.scrollHeight));
    menu.style.left = `${beside}px`;
    menu.style.top = `${start}px`;
    menu.style.bottom = 'auto';
    // Of a menu that gets more lines while it is open, these are scrolled to.
    menu.style.maxHeight = `${window.innerHeight - MARGIN - start}px`;
    return;
  }
  const room = document.documentElement.clientWidth - menu.offsetWidth - MARGIN;
  const wished = left + width / 2 - menu.offsetWidth / 2;
  menu.style.left = `${Math.max(MARGIN, Math.min(wished, room))}px`;
  const isAbove = above >= Math.min(below, menu.scrollHeight);
  menu.style.bottom = isAbove ? `${window.innerHeight - top + DISTANCE}px` : 'auto';
  menu.style.top = isAbove ? 'auto' : `${bottom + DISTANCE}px`;
  menu.style.maxHeight = `${isAbove ? above : below}px`;
}

/** The item that a key leads to, `first` included: arrows go around, a letter finds the next name that begins so. */
export function itemFor(key: string, labels: readonly string[], current: number): number | null {
  const last = labels.length - 1;
  if (last < 0) return null;
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return current >= last ? 0 : current + 1;
    case 'ArrowUp':
    case 'ArrowLeft':
      return current <= 0 ? last : current - 1;
    case 'first':
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return key.length === 1 && key !== ' ' ? nextStartingWith(key, labels, current) : null;
  }
}

function nextStartingWith(letter: string, labels: readonly string[], current: number): number | null {
  const wanted = letter.toLocaleLowerCase();
  for (let step = 1; step <= labels.length; step += 1) {
    const index = (current + step) % labels.length;
    if (labels[index]?.toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return null;
}

/** @returns whether the key led anywhere */
export function focusItem(menu: HTMLElement, key: string): boolean {
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const labels = items.map((item) => item.getAttribute('aria-label') ?? item.textContent.trim());
  const current = items.findIndex((item) => item === document.activeElement);
  const index = itemFor(key, labels, current);
  const item = index === null ? undefined : items[index];
  item?.focus();
  return item !== undefined;
}
