/** The bridge that the server runs beside itself, and that ends with it. */
import { stopWithParent } from '../lifecycle.ts';
import { runBridge } from './run.ts';

await runBridge({ stopWhen: stopWithParent, endsWithServer: true });
