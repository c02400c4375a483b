import { preferences, subscribePreferences } from './preferences.ts';

/** Keeps the page in the chosen theme; `system` leaves it to the style sheet's color-scheme. */
export function followTheme(): void {
  const apply = (): void => {
    const { theme } = preferences();
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    // The browser's own bar follows the page, not the system, once a theme is chosen.
    const paper = getComputedStyle(root).getPropertyValue('background-color');
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]'))
      meta.content = paper;
  };
  apply();
  subscribePreferences(apply);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
}
