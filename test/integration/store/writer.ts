/** Writes messages into a store until it is killed; prints the id of each as soon as it is acknowledged. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../server/store/store.ts';

const [dir = '', round = ''] = process.argv.slice(2);
const now = Date.now();
const store = openStore(dir, now);
for (let index = 0; ; index += 1) {
  const id = `${round}-${index}`;
  store.chat.add('room', {
    ...{ id, participantId: 'p', name: 'Ana', text: 'x'.repeat(500), at: now },
    ...{ to: 'everyone', replyTo: null, reactions: [] },
  });
  writeSync(1, `${id}\n`);
}
