/** What people wrote, and when: in the room's chat and in the web phone's conversations. */
import { useText } from '../i18n/text.ts';
import { piecesOf } from './links.ts';

/** A message's words, with its links. */
export function WrittenText({ words }: { readonly words: string }) {
  return (
    <p className="chat__text" dir="auto">
      {piecesOf(words).map((piece, index) =>
        'href' in piece ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** The time of day of a message. */
export function WrittenAt({ at }: { readonly at: Date }) {
  const text = useText();
  return (
    <time className="chat__time" dateTime={at.toISOString()}>
      {new Intl.DateTimeFormat(text.locale, { timeStyle: 'short' }).format(at)}
    </time>
  );
}
