/**
 * Which page is shown, by the address. Without a library: there are three pages, and the smallest router that is well kept
 * weighs as much as a quarter of all that the start page has of its own.
 */
import { useSyncExternalStore, type ComponentProps } from 'react';
import { basePath } from './links.ts';

interface Going {
  /** Kept with the entry in the browser's history. */
  readonly state?: unknown;
  /** In place of this entry. */
  readonly replace?: boolean;
}

/** Goes to a page. @param path within the app, such as `/r/salon` */
export function navigate(path: string, { state = null, replace = false }: Going = {}): void {
  const url = basePath() + path;
  if (replace) history.replaceState(state, '', url);
  else history.pushState(state, '', url);
  // As when somebody turns back, which is what the browser tells by itself.
  window.dispatchEvent(new PopStateEvent('popstate', { state }));
}

/** The path within the app, without a slash at its end: `/r/salon`, and the empty one of the start page. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, currentPath);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

function currentPath(): string {
  return location.pathname.slice(basePath().length).replace(/\/$/, '');
}

interface LinkProps extends Omit<ComponentProps<'a'>, 'onClick'> {
  /** Within the app. */
  readonly href: string;
}

/** A link to another page; one that is to be opened elsewhere is the browser's. */
export function Link({ href, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={basePath() + href}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}
