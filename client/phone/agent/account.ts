/** The account at a PBX that the phone signs in with, and the form that it is typed into. */
import { addressOf, escapeUser, isHost } from './target.ts';

export interface Account {
  /** The PBX's WebSocket, `wss://…` or `ws://…`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  /** `sip:user@domain` */
  readonly address: string;
  /** What others see when they are called; may be empty. */
  readonly displayName: string;
  readonly iceServers: readonly RTCIceServer[];
}

/** What stands in the fields. */
export interface AccountDraft {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Empty takes the host of the address. */
  readonly domain: string;
  readonly displayName: string;
  /** One server a line: `stun:host:port`, or `turn:host:port user password`. */
  readonly iceServers: string;
}

export type AccountField = keyof AccountDraft;
/** Why a field can not be used. `insecure`: an encrypted page may not open an unencrypted socket. */
export type FieldProblem = 'missing' | 'malformed' | 'insecure';
export type FieldProblems = { readonly [Field in AccountField]?: FieldProblem | undefined };

export type AccountCheck =
  | { readonly account: Account; readonly problems: null }
  | { readonly account: null; readonly problems: FieldProblems };

export const emptyDraft: AccountDraft = {
  url: '',
  user: '',
  password: '',
  domain: '',
  displayName: '',
  iceServers: '',
};

/** Hosts that browsers take for secure without encryption. */
const OWN_MACHINE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const USER = /^[^\s@<>"]+$/;
const ICE_SERVER = /^(?:stuns?:\S+|turns?:\S+\s+\S+\s+\S+)$/i;

/** @param isSecurePage whether this page came encrypted */
export function checkAccount(draft: AccountDraft, isSecurePage: boolean): AccountCheck {
  const url = draft.url.trim();
  const [user, ownDomain] = splitUser(draft.user.trim());
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const domain = draft.domain.trim() || ownDomain || host;
  const lines = linesOf(draft.iceServers);

  const problems: { [Field in AccountField]?: FieldProblem } = {};
  const urlProblem = checkUrl(url, host, isSecurePage);
  if (urlProblem) problems.url = urlProblem;
  if (user === '') problems.user = 'missing';
  else if (!USER.test(user)) problems.user = 'malformed';
  if (draft.password === '') problems.password = 'missing';
  if (domain !== '' && !isHost(domain)) problems.domain = 'malformed';
  if (!lines.every((line) => ICE_SERVER.test(line))) problems.iceServers = 'malformed';

  if (Object.keys(problems).length > 0) return { account: null, problems };
  const account: Account = {
    url,
    user,
    password: draft.password,
    domain,
    address: addressOf(escapeUser(user), domain),
    displayName: draft.displayName.trim(),
    iceServers: lines.map(toIceServer),
  };
  return { account, problems: null };
}

/** The draft without anything secret, for what is remembered of it. */
export function withoutSecrets(draft: AccountDraft): AccountDraft {
  const iceServers = linesOf(draft.iceServers)
    .filter((line) => !/^turn/i.test(line))
    .join('\n');
  return { ...draft, password: '', iceServers };
}

function checkUrl(url: string, host: string, isSecurePage: boolean): FieldProblem | null {
  if (url === '') return 'missing';
  if (!/^wss?:\/\//i.test(url) || host === '') return 'malformed';
  return /^ws:/i.test(url) && isSecurePage && !OWN_MACHINE.test(host) ? 'insecure' : null;
}

/** People type their whole address as well. */
function splitUser(user: string): [user: string, domain: string] {
  const bare = user.replace(/^sips?:/i, '');
  const at = bare.lastIndexOf('@');
  return at < 0 ? [bare, ''] : [bare.slice(0, at), bare.slice(at + 1)];
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function toIceServer(line: string): RTCIceServer {
  const [urls = '', username, credential] = line.split(/\s+/);
  return username === undefined || credential === undefined ? { urls } : { urls, username, credential };
}
