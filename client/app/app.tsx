import { lazy, Suspense } from 'react';
import { needPhoneTexts, needRoomTexts } from './i18n/text.ts';
import { Landing } from './landing/landing.tsx';
import { roomOfPath } from './links.ts';
import { usePath } from './navigation.tsx';
import { NothingHere } from './nothing-here.tsx';
import { Crash } from './ui/crash.tsx';
import { Waiting } from './ui/waiting.tsx';

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
      <Suspense fallback={<Waiting />}>
        <Page />
      </Suspense>
    </Crash>
  );
}

function Page() {
  const path = usePath();
  const room = roomOfPath(path);
  if (path === '') return <Landing />;
  if (path === '/phone') return <Phone />;
  // Another room is another visit: nothing of the last one goes along.
  return room === null ? <NothingHere /> : <Meeting key={room} room={room} />;
}
