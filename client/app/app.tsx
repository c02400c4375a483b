import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { needPhoneTexts, needRoomTexts } from './i18n/text.ts';
import { Landing } from './landing/landing.tsx';
import { Crash } from './ui/crash.tsx';
import { Waiting } from './ui/waiting.tsx';
import { basePath } from './links.ts';

const Meeting = lazy(async () => {
  const [{ Meeting }] = await Promise.all([import('./meeting/meeting.tsx'), needRoomTexts()]);
  return { default: Meeting };
});

const Phone = lazy(async () => {
  const [{ Phone }] = await Promise.all([import('../phone/ui/phone.tsx'), needPhoneTexts()]);
  return { default: Phone };
});

export function App() {
  return (
    <Crash>
      <Router base={basePath()}>
        <Switch>
          <Route path="/">
            <Landing />
          </Route>
          <Route path="/r/:room">
            {({ room }) => (
              <Suspense fallback={<Waiting />}>
                {/* Another room is another visit: nothing of the last one goes along. */}
                <Meeting key={room} room={room} />
              </Suspense>
            )}
          </Route>
          <Route path="/phone">
            <Suspense fallback={<Waiting />}>
              <Phone />
            </Suspense>
          </Route>
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Router>
    </Crash>
  );
}
