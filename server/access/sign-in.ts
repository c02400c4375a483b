/**
 * Sign-in at an OpenID Connect provider: authorization code with PKCE, state and nonce. What has to be remembered in
 * between is signed and goes along as a cookie, so that the server keeps nothing for those who never come back.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Configuration } from 'openid-client';
import { z } from 'zod';
import type { OwnKey } from './own-key.ts';
import { personOf } from './person.ts';
import type { Person, PersonRules } from './person.ts';

export interface SignInOptions extends PersonRules {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to. */
  redirectUrl: string;
  /** Lets the provider be http. */
  allowHttp: boolean;
}

export interface SignIn {
  /**
   * @param returnTo where the person wants to be afterwards; handed back by `finish`
   * @returns the provider's page to go to, and what to remember until then
   * @throws SignInError when the provider cannot be reached
   */
  begin(returnTo: string): Promise<{ url: string; flow: string }>;
  /**
   * @param query of the URL that the provider has sent the person to, with its `?`
   * @throws SignInError for an answer that is not to this flow, or not good
   */
  finish(query: string, flow: string): Promise<{ person: Person; returnTo: string }>;
}

/** Somebody could not be signed in; the message says why, and nothing secret. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  /** False when the provider, or the way to it, is to blame. */
  readonly isTheirs: boolean;

  constructor(message: string, { isTheirs, cause }: { isTheirs: boolean; cause?: unknown }) {
    super(message, { cause });
    this.isTheirs = isTheirs;
  }
}

/** How long somebody may take at the provider's page, in ms. */
export const FLOW_LASTS_MS = 600_000;
/** A provider that answers slower counts as gone, in seconds. */
const TIMEOUT_S = 10;

const flowSchema = z.object({
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  returnTo: z.string(),
});

export function createSignIn(options: SignInOptions, ownKey: OwnKey): SignIn {
  const { issuer, clientId, clientSecret, redirectUrl, allowHttp } = options;
  let known: Promise<Configuration> | null = null;

  /** Asked for when first needed: the provider may start after us. */
  function provider(): Promise<Configuration> {
    known ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: TIMEOUT_S,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to make one think; the setting says it
      execute: allowHttp ? [allowInsecureRequests] : [],
    }).catch((cause: unknown) => {
      known = null;
      throw new SignInError('The sign-in provider can not be reached.', { isTheirs: false, cause });
    });
    return known;
  }

  async function begin(returnTo: string) {
    const config = await provider();
    const flow = {
      verifier: randomPKCECodeVerifier(),
      state: randomState(),
      nonce: randomNonce(),
      returnTo,
    };
    const url = buildAuthorizationUrl(config, {
      redirect_uri: redirectUrl,
      scope: 'openid profile',
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    });
    return { url: url.href, flow: await ownKey.sign('tertulia-sign-in+jwt', flow, FLOW_LASTS_MS) };
  }

  async function remembered(flow: string) {
    try {
      return flowSchema.parse(await ownKey.verify('tertulia-sign-in+jwt', flow));
    } catch (cause) {
      throw new SignInError('The sign-in has taken too long, or was not begun here. Try again.', {
        isTheirs: true,
        cause,
      });
    }
  }

  async function finish(query: string, flow: string) {
    const { verifier, state, nonce, returnTo } = await remembered(flow);
    const config = await provider();
    try {
      const tokens = await authorizationCodeGrant(config, new URL(query, redirectUrl), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const idClaims = tokens.claims();
      if (!idClaims) throw new Error('There is no ID token.');
      // Many providers tell names and groups only here.
      const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
      const userInfo = hasUserInfo ? await fetchUserInfo(config, tokens.access_token, idClaims.sub) : {};
      return { person: personOf(issuer, { ...userInfo, ...idClaims }, options), returnTo };
    } catch (cause) {
      throw new SignInError('The sign-in provider has not confirmed who you are.', { isTheirs: true, cause });
    }
  }

  return { begin, finish };
}
