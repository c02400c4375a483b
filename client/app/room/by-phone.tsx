import { Fragment } from 'react';
import type { RoomInfo } from '../../sdk/types.ts';
import { aboutDialIn, dialLink } from '../../sdk/words.ts';
import { useText } from '../i18n/text.ts';
import { TEST_IDS } from '../testids.ts';
import { keysOf } from './invitation-texts.ts';
import './by-phone.css';

/** How the room is reached from telephones: where to dial, and what to key in then. */
export function ByPhone({
  room: { dialIn, number, pin },
}: {
  readonly room: Pick<RoomInfo, 'dialIn' | 'number' | 'pin'>;
}) {
  const text = useText();
  if (number === null) return null;
  return (
    <div className="by-phone" data-testid={TEST_IDS.dialIn}>
      {dialIn.length > 0 && (
        <ul>
          {dialIn.map((way) => {
            const link = dialLink(way, number, pin);
            return (
              <li key={way.number} className="by-phone__way">
                {link === null ? (
                  <span className="by-phone__number">{way.written}</span>
                ) : (
                  <a
                    className="by-phone__number"
                    href={link}
                    aria-label={text('invite.dialThrough', { number: way.written })}
                  >
                    {way.written}
                  </a>
                )}
                <span className="by-phone__about">{aboutDialIn(way, text.language)}</span>
              </li>
            );
          })}
        </ul>
      )}
      <p className="by-phone__keys">
        {keysOf(number, pin, text).map((key, index) => (
          <Fragment key={key}>
            {index > 0 && ', '}
            <span>{key}</span>
          </Fragment>
        ))}
      </p>
    </div>
  );
}
