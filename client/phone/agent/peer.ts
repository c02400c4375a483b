/** Who is at the other end, from what SIP says of them. */
import type { NameAddrHeader } from 'jssip/lib/NameAddrHeader.js';
import { cleanName, MAX_NAME_LENGTH } from '../../app/preferences/name.ts';
import type { Peer } from './call-state.ts';
import { addressOf } from './target.ts';

type Identity = Pick<NameAddrHeader, 'display_name'> & {
  readonly uri: { user: string | null; host: string };
};

/** A name comes from a stranger: it is shortened, and what can not be seen is taken out. */
export function peerOf({ uri, display_name }: Identity): Peer {
  const name = cleanName(display_name).slice(0, MAX_NAME_LENGTH);
  return { address: addressOf(uri.user ?? '', uri.host), name: name === '' ? null : name };
}
