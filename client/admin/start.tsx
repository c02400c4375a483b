import { createRoot } from 'react-dom/client';
import { pickLanguage, setLanguage } from '../app/i18n/text.ts';
import { preferences } from '../app/preferences/preferences.ts';
import { followTheme } from '../app/preferences/theme.ts';
import { Crash } from '../app/ui/crash.tsx';
import { Admin } from './admin.tsx';
import '../app/styles/tokens.css';
import '../app/styles/base.css';
import '../app/styles/controls.css';

/** Language and theme first, so that nothing is shown twice. */
export async function start(): Promise<void> {
  followTheme();
  await setLanguage(preferences().language ?? pickLanguage(navigator.languages));
  const container = document.getElementById('root');
  if (!container) throw new Error('admin.html has no element with the id root');
  createRoot(container).render(
    <Crash>
      <Admin />
    </Crash>,
  );
}
