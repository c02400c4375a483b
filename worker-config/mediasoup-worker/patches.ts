/** A change to one line of the worker's source. */
export type Patch = {
  /** Relative to the worker's source folder. */
  file: string;
  /** Must be there exactly once. */
  find: string;
  replace: string;
  why: string;
};

/** What is changed in the worker's source so that it builds and works with Debian's libraries. */
export const PATCHES: readonly Patch[] = [
  {
    file: 'meson.build',
    find: "meson_version: '>= 1.1.0'",
    replace: "meson_version: '>= 1.0.0'",
    why: 'Debian 12 has meson 1.0.1, which does all that the file asks for.',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    find: '(operationType == BIO_CB_RETURN) ?',
    replace: '((operationType & BIO_CB_RETURN) != 0) ?',
    why:
      'The callback returns 1 for each BIO control call, as BIO_CB_RETURN comes combined with the kind of call. An ' +
      'OpenSSL with kernel TLS, such as that of Debian, reads it as "kernel TLS is on" and makes no write buffer: the ' +
      'worker dies in SSL_read at the first DTLS handshake. OpenSSL documents the constant as a bit to test.',
  },
];
