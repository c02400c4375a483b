/** An address of this machine that is not loopback, which Firefox needs for media. */
import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/** For a machine without a network: one end of a cable with both ends in this machine. */
const CABLE = 'tertulia-test0';
const CABLE_END = 'tertulia-test1';
/** From the block for documentation (RFC 5737), which nobody has. */
const CABLE_ADDRESS = '198.51.100.1';

export interface OutsideAddress {
  address: string;
  /** Takes away what was made for it. */
  remove: () => void;
}

/** @returns null where there is none, and none can be made for lack of rights */
export function outsideAddress(): OutsideAddress | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const address = all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  if (address !== undefined) return { address, remove: () => undefined };
  if (process.getuid?.() !== 0) return null;
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'add', CABLE, 'type', 'veth', 'peer', 'name', CABLE_END);
  ip('address', 'add', `${CABLE_ADDRESS}/30`, 'dev', CABLE);
  for (const end of [CABLE, CABLE_END]) ip('link', 'set', end, 'up');
  return { address: CABLE_ADDRESS, remove: () => void ip('link', 'delete', CABLE) };
}
