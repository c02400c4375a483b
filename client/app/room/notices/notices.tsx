import { X } from 'lucide-react';
import type { RoomState } from '../../../sdk/types.ts';
import { useText } from '../../i18n/text.ts';
import { TEST_IDS } from '../../testids.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useObservable } from '../../ui/use-observable.ts';
import { useLasting } from '../../ui/use-lasting.ts';
import type { RoomActions } from '../actions.ts';
import { KnockNotice } from './knock-notice.tsx';
import type { NoticeBoard } from './notice-board.ts';
import { NoticeBox } from './notice-box.tsx';
import './notices.css';

/** A path that takes longer to be found than this is told about, in ms. */
const SLOW_MS = 3_000;

interface NoticesProps {
  readonly state: RoomState;
  readonly board: NoticeBoard;
  readonly isSoundBlocked: boolean;
  readonly onUnblockSound: () => void;
  readonly soundOnly: boolean;
  readonly onShowPictures: () => void;
  readonly actions: RoomActions;
  /** Null where those at the door are seen already. */
  readonly onShowDoor: (() => void) | null;
}

/** What a participant should know right now: what lasts as long as its cause, and what passes by itself. */
export function Notices(props: NoticesProps) {
  const { board, state, actions, onShowDoor } = props;
  const text = useText();
  const { notices, announcement } = useObservable(board);
  return (
    <>
      <div className="notices" role="status">
        <Standing {...props} />
        {onShowDoor && <KnockNotice knocks={state.knocks} actions={actions} onShow={onShowDoor} />}
        {notices.map(({ id, tone, words, request }) => (
          <NoticeBox key={id} tone={tone}>
            <p>{words(text)}</p>
            {request && (
              <button
                type="button"
                className="button button--primary button--small"
                onClick={() => {
                  board.dismiss(id);
                  request.run();
                }}
              >
                {request.label(text)}
              </button>
            )}
            <IconButton
              label={text(request ? 'moderated.notNow' : 'notice.dismiss')}
              hintSide="bottom"
              hintAlign="end"
              onClick={() => board.dismiss(id)}
            >
              <X size={18} aria-hidden="true" />
            </IconButton>
          </NoticeBox>
        ))}
      </div>
      <div className="visually-hidden" role="status">
        {/* A new element each time, so that the same words are said again. */}
        <span key={announcement.id}>{announcement.text}</span>
      </div>
    </>
  );
}

function Standing({ state, isSoundBlocked, onUnblockSound, soundOnly, onShowPictures }: NoticesProps) {
  const text = useText();
  const { phase, attempt, drainingUntil, send, receive } = state;
  const paths = [send, receive];
  const failed = paths.find((path) => path.state === 'failed');
  const isConnecting = useLasting(
    phase === 'joined' && !failed && paths.some((path) => path.state === 'connecting'),
    SLOW_MS,
  );
  return (
    <>
      {phase === 'reconnecting' && (
        <NoticeBox tone="warning" cause="reconnecting">
          <span className="notices__spinner" aria-hidden="true" />
          <p>{attempt > 1 ? text('notice.reconnectingAttempt', { attempt }) : text('notice.reconnecting')}</p>
        </NoticeBox>
      )}
      {phase === 'joined' && drainingUntil !== null && (
        <NoticeBox tone="warning" cause="draining">
          <p>
            {text('notice.draining', {
              time: new Intl.DateTimeFormat(text.locale, { timeStyle: 'short' }).format(drainingUntil),
            })}
          </p>
        </NoticeBox>
      )}
      {isConnecting && (
        <NoticeBox tone="info" cause="media-connecting">
          <span className="notices__spinner" aria-hidden="true" />
          <p>{text('notice.mediaConnecting')}</p>
        </NoticeBox>
      )}
      {phase === 'joined' && failed?.state === 'failed' && (
        <NoticeBox tone="danger" cause="media-blocked">
          <div>
            <p>{text('notice.mediaBlocked')}</p>
            {failed.tried.length > 0 && (
              <details>
                <summary>{text('notice.mediaTried')}</summary>
                <ul className="notices__tried">
                  {failed.tried.map((path) => (
                    <li key={path}>{path}</li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        </NoticeBox>
      )}
      {isSoundBlocked && (
        <NoticeBox tone="info" cause="sound-blocked">
          <p>{text('notice.autoplay')}</p>
          <button
            type="button"
            className="button button--primary button--small"
            data-testid={TEST_IDS.unblockSound}
            onClick={onUnblockSound}
          >
            {text('notice.autoplayAction')}
          </button>
        </NoticeBox>
      )}
      {soundOnly && (
        <NoticeBox tone="info" cause="sound-only">
          <p>{text('room.audioOnlyOn')}</p>
          <button type="button" className="button button--small" onClick={onShowPictures}>
            {text('room.audioOnlyOff')}
          </button>
        </NoticeBox>
      )}
    </>
  );
}
