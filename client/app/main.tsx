/** Starts the interface: language and theme first, so that nothing is shown twice. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { pickLanguage, setLanguage } from './i18n/text.ts';
import { preferences } from './preferences/preferences.ts';
import { followTheme } from './preferences/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

followTheme();
await setLanguage(preferences().language ?? pickLanguage(navigator.languages));

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no element with the id root');
// Not in StrictMode: it mounts everything twice for practice, and cameras are no exercise.
createRoot(container).render(<App />);
