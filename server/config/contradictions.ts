/** What each setting allows by itself, but not together with another. */
import type { Config } from '../config.ts';

/** @param nameOf a setting as it was called where it comes from */
export function contradictions(config: Config, nameOf: (key: keyof Config) => string): string[] {
  return [
    ...ofTls(config),
    ...ofMedia(config),
    ...ofTokens(config),
    ...ofSignIn(config),
    ...ofWebhooks(config),
  ].map(([key, problem]) => `${nameOf(key)}: ${problem}`);
}

type Contradiction = readonly [keyof Config, string];

function ofTls({ tlsCert, tlsKey, tlsSelfSigned }: Config): Contradiction[] {
  const problems: Contradiction[] = [];
  if (tlsCert !== null && tlsKey === null) problems.push(['tlsCert', 'needs TLS_KEY too']);
  if (tlsKey !== null && tlsCert === null) problems.push(['tlsKey', 'needs TLS_CERT too']);
  if (tlsCert !== null && tlsSelfSigned) {
    problems.push(['tlsSelfSigned', 'there is a certificate in TLS_CERT already']);
  }
  return problems;
}

function ofMedia({
  rtcListen,
  announcedAddress,
  rtcPortBase,
  workers,
  takeOverSeconds,
}: Config): Contradiction[] {
  const problems: Contradiction[] = [];
  if (rtcListen.length > 0 && announcedAddress !== null) {
    problems.push(['announcedAddress', 'RTC_LISTEN is set, and says itself what is announced']);
  }
  // One range for each of two servers.
  const ranges = takeOverSeconds > 0 ? 2 : 1;
  const lastPort = rtcPortBase + ranges * Math.max(workers, 1) - 1;
  if (rtcPortBase !== 0 && lastPort > 65_535) {
    problems.push(['rtcPortBase', `the last worker would have port ${lastPort}; 65535 is the highest`]);
  }
  return problems;
}

/** A server that asks for tokens and has no key to check them with would let in nobody, or everybody. */
function ofTokens(config: Config): Contradiction[] {
  const { tokenIssuer, tokenAudience, tokenJwksUrl, allowHttpIssuers } = config;
  const keys = (['tokenSecret', 'tokenPublicKey', 'tokenJwksUrl'] as const).filter(
    (key) => config[key] !== null,
  );
  const problems: Contradiction[] = [];
  for (const key of ['makeRooms', 'enterRooms'] as const) {
    if (config[key] === 'token' && keys.length === 0 && config.oidcIssuer === null) {
      problems.push([key, 'needs TOKEN_SECRET, TOKEN_PUBLIC_KEY, TOKEN_JWKS_URL or OIDC_ISSUER']);
    }
  }
  for (const key of keys.slice(1))
    problems.push([key, 'tokens are checked with one key, and there is another']);
  if (keys.length === 0 && tokenIssuer !== null)
    problems.push(['tokenIssuer', 'there is no key to check tokens with']);
  if (keys.length === 0 && tokenAudience !== null) {
    problems.push(['tokenAudience', 'there is no key to check tokens with']);
  }
  if (isPlain(tokenJwksUrl) && !allowHttpIssuers) problems.push(['tokenJwksUrl', MUST_BE_HTTPS]);
  return problems;
}

function ofSignIn(config: Config): Contradiction[] {
  const { oidcIssuer, publicUrl, allowHttpIssuers } = config;
  const problems: Contradiction[] = [];
  if (oidcIssuer === null) {
    for (const key of ['oidcClientId', 'oidcClientSecret', 'oidcHostClaim', 'oidcAdminClaim'] as const) {
      if (config[key] !== null) problems.push([key, 'needs OIDC_ISSUER too']);
    }
    return problems;
  }
  if (publicUrl === null) problems.push(['oidcIssuer', 'needs PUBLIC_URL too']);
  if (config.oidcClientId === null) problems.push(['oidcIssuer', 'needs OIDC_CLIENT_ID too']);
  if (config.oidcClientSecret === null) problems.push(['oidcIssuer', 'needs OIDC_CLIENT_SECRET too']);
  if (isPlain(oidcIssuer) && !allowHttpIssuers) problems.push(['oidcIssuer', MUST_BE_HTTPS]);
  return problems;
}

function ofWebhooks({ webhookUrls, webhookSecret }: Config): Contradiction[] {
  if (webhookUrls.length > 0 && webhookSecret === null) return [['webhookUrls', 'needs WEBHOOK_SECRET too']];
  if (webhookUrls.length === 0 && webhookSecret !== null)
    return [['webhookSecret', 'needs WEBHOOK_URLS too']];
  return [];
}

const MUST_BE_HTTPS = 'must be https; ALLOW_HTTP_ISSUERS lets it be http';

function isPlain(url: string | null): boolean {
  return url?.startsWith('http:') ?? false;
}
