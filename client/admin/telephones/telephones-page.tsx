import { Download } from 'lucide-react';
import { endedCallsUrl, getTelephones } from '../api.ts';
import { useAdminText } from '../texts.ts';
import { usePolled } from '../use-polled.ts';
import { BridgeCard } from './bridge-card.tsx';
import { EndedCallRow, RunningCallRow } from './call-rows.tsx';
import './telephones.css';

/** Lines to the telephone network, and who calls or has called over them. */
export function TelephonesPage() {
  const text = useAdminText();
  // The overview, which goes on beside it, tells when the server cannot be reached or wants a sign-in.
  const { answer, read } = usePolled(getTelephones);
  if (!answer) return null;
  const { bridges, ended } = answer;
  const calls = bridges.flatMap((bridge) => bridge.calls);
  return (
    <>
      <section className="telephones__section" aria-labelledby="bridges">
        <h2 id="bridges" className="admin__heading">
          {text('bridges')}
        </h2>
        {bridges.length === 0 ? (
          <div className="admin__empty">
            <p className="admin__empty-words">{text('noBridge')}</p>
            <p>{text('noBridgeHint')}</p>
          </div>
        ) : (
          bridges.map((bridge, i) => <BridgeCard key={bridge.id} bridge={bridge} index={i + 1} />)
        )}
      </section>
      <section className="telephones__section" aria-labelledby="calls-now">
        <h2 id="calls-now" className="admin__heading">
          {text('callsNow')}
        </h2>
        {calls.length === 0 ? (
          <p className="telephones__none">{text('noCalls')}</p>
        ) : (
          <ul className="telephones__calls" data-testid="admin-calls">
            {calls.map((call) => (
              <RunningCallRow key={call.callId} call={call} onEnded={read} />
            ))}
          </ul>
        )}
      </section>
      <section className="telephones__section" aria-labelledby="recent-calls">
        <header className="telephones__head">
          <h2 id="recent-calls" className="admin__heading">
            {text('recentCalls')}
          </h2>
          <a className="button button--small" href={endedCallsUrl()} download>
            <Download size={16} aria-hidden="true" />
            {text('download')}
          </a>
        </header>
        {ended.length === 0 ? (
          <p className="telephones__none">{text('noRecentCalls')}</p>
        ) : (
          <ul className="telephones__calls" data-testid="admin-ended-calls">
            {ended.map((call) => (
              <EndedCallRow key={call.callId} call={call} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
