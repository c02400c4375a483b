/** Finds links in what people write. The result is data: whoever shows it makes elements, never markup. */
import { tokenize } from 'linkifyjs';

export type Piece = { readonly text: string } | { readonly text: string; readonly href: string };

/** Splits a message into plain text and links to web pages and mail addresses. */
export function piecesOf(message: string): Piece[] {
  const pieces: Piece[] = [];
  for (const token of tokenize(message)) {
    const text = token.toString();
    const href = token.isLink ? safeHref(token.toHref('https')) : null;
    if (href !== null) {
      pieces.push({ text, href });
      continue;
    }
    const last = pieces.at(-1);
    if (last && !('href' in last)) pieces[pieces.length - 1] = { text: last.text + text };
    else pieces.push({ text });
  }
  return pieces;
}

/** Only addresses that open a page or a letter; nothing that could run. */
function safeHref(href: string): string | null {
  if (!URL.canParse(href)) return null;
  const { protocol } = new URL(href);
  return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? href : null;
}
