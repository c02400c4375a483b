/** What stands in the way of people on a page, as axe-core finds it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on a page, in short, and whatever has to be scrolled sideways to be read. */
export async function violations(page: Page): Promise<string[]> {
  // Colours that are still fading in are not judged; what never ends is.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
        .map(({ finished }) => finished.catch(() => null)),
    ),
  );
  await page.evaluate(AXE);
  // A string, as the page's axe is not this file's.
  const found = await page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
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
