/** Runs on another machine: joins a room, says as whom, and stays. `far-participant.ts URL ROOM NAME` */
import { SignalClient } from './signal-client.ts';

const [url = '', room = '', name = ''] = process.argv.slice(2);
const client = await SignalClient.connect(url);
console.log((await client.join(room, name)).participantId);
