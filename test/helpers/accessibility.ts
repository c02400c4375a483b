/** What stands in the way of people on a page, as axe-core finds it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** How often a page is looked at while something on it goes on moving. */
const MOST_LOOKS = 10;

/** What one look has found, and whether something moved meanwhile. */
interface Look {
  found: string[];
  hasMoved: boolean;
}

/** Runs inside the page; as text, as the page's axe is not this file's. */
const LOOK = `(async () => {
  let hasMoved = false;
  const move = () => { hasMoved = true; };
  for (const type of ['animationstart', 'transitionrun']) addEventListener(type, move);
  const { violations } = await axe.run();
  for (const type of ['animationstart', 'transitionrun']) removeEventListener(type, move);
  const told = ({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ');
  return { hasMoved, found: violations.map(told) };
})()`;

/** What axe finds wrong on a page, in short, and whatever has to be scrolled sideways to be read. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await flaws(page);
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth &&
          ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) &&
          !element.matches('[data-testid=stage] *'),
      )
      .map((element) => `too wide: ${element.getAttribute('class')}`),
  );
  return [...found, ...wide];
}

/** Colours that are still fading in are not judged, nor those that began to while axe looked; what never ends is. */
async function flaws(page: Page): Promise<string[]> {
  for (let looks = 1; ; looks += 1) {
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
          .map(({ finished }) => finished.catch(() => null)),
      ),
    );
    const { found, hasMoved } = await page.evaluate<Look>(LOOK);
    if (found.length === 0 || !hasMoved || looks === MOST_LOOKS) return found;
  }
}
