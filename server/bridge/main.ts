/** The bridge as a service of its own. */
import { stopOnSignal } from '../lifecycle.ts';
import { runBridge } from './run.ts';

await runBridge({ stopWhen: stopOnSignal, endsWithServer: false });
