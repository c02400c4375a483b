/** Who is at the other end, from what SIP says of them. */
import { cleanName, MAX_NAME_LENGTH } from '../../app/preferences/name.ts';
import type { Peer } from './call-state.ts';
import { addressOf } from './target.ts';

/** The part of JsSIP's `NameAddrHeader` that is used, with what its types keep silent about. */
interface Identity {
  readonly display_name: string | null | undefined;
  readonly uri: { readonly user: string | null; readonly host: string };
}

/** A name comes from a stranger: it is shortened, and what can not be seen is taken out. */
export function peerOf({ uri, display_name }: Identity): Peer {
  const name = cleanName(display_name ?? '').slice(0, MAX_NAME_LENGTH);
  return { address: addressOf(uri.user ?? '', uri.host), name: name === '' ? null : name };
}
