import { describe, expect, it } from 'vitest';
import { asText, filtered, summaryOf, Trace, withoutSecrets } from '../../../client/phone/agent/trace.ts';

const register = [
  'REGISTER sip:pbx.test SIP/2.0',
  'CSeq: 2 REGISTER',
  'Authorization: Digest username="ana", nonce="abc",',
  ' response="0123456789abcdef",',
  '\tcnonce="xyz"',
  'proxy-authorization:Digest username="ana", response="fedcba"',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

describe('a traced message', () => {
  it('has no digest answers, however they are written', () => {
    const text = withoutSecrets(register);
    expect(text).toContain(
      'Authorization: Digest (hidden)\r\nproxy-authorization:Digest (hidden)\r\nContent-Length',
    );
    for (const secret of ['0123456789abcdef', 'xyz', 'fedcba', 'nonce']) expect(text).not.toContain(secret);
    expect(withoutSecrets('Authorization: Bearer abc.def')).toBe('Authorization: Bearer (hidden)');
    expect(withoutSecrets('Authorization: abc.def==')).toBe('Authorization: (hidden)');
  });

  it('has no keys of media, no ICE password, and no keys that were pressed', () => {
    const sdp = 'a=ice-ufrag:u\r\na=ice-pwd:p4ss\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:k3y|2^20\r\n';
    expect(withoutSecrets(sdp)).toBe(
      'a=ice-ufrag:u\r\na=ice-pwd:(hidden)\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:(hidden)|2^20\r\n',
    );
    expect(withoutSecrets('Signal=5\r\nDuration=100')).toBe('Signal=(hidden)\r\nDuration=100');
  });

  it('keeps what is asked of us', () => {
    const challenge =
      'SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="pbx.test", nonce="abc"\r\n';
    expect(withoutSecrets(challenge)).toBe(challenge);
  });
});

describe('a trace', () => {
  const trace = new Trace();
  trace.add('sent', register, 0);
  trace.add('received', '\r\n\r\n', 5);
  trace.add('received', 'SIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\n\r\n', 10);
  trace.add('received', 'INVITE sip:ana@pbx.test SIP/2.0\r\nCSeq: 9 INVITE\r\n\r\n', 20);
  const entries = trace.state;

  it('leaves keep-alives out, and says of each message what it is', () => {
    expect(entries.map(summaryOf)).toEqual([
      'REGISTER sip:pbx.test',
      '401 Unauthorized · REGISTER',
      'INVITE sip:ana@pbx.test',
    ]);
  });

  it('finds messages by all words, whatever their case, and by direction', () => {
    const find = (words: string, direction: 'sent' | 'received' | 'both' = 'both'): number[] =>
      filtered(entries, { words, direction }).map(({ id }) => id);
    expect(find('')).toEqual([1, 2, 3]);
    expect(find('register')).toEqual([1, 2]);
    expect(find('REGISTER 401')).toEqual([2]);
    expect(find('register', 'sent')).toEqual([1]);
  });

  it('can be handed on as one text', () => {
    const text = asText(entries);
    expect(text).toContain('1970-01-01T00:00:00.010Z received\nSIP/2.0 401 Unauthorized');
    expect(text).not.toContain('0123456789abcdef');
  });

  it('forgets the oldest when there are many', () => {
    const long = new Trace();
    for (let i = 0; i < 600; i += 1) long.add('sent', `OPTIONS ${i}`, i);
    expect(long.state).toHaveLength(500);
    expect(long.state[0]?.text).toBe('OPTIONS 100');
    long.clear();
    expect(long.state).toEqual([]);
  });
});
