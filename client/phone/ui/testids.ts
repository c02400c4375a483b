/**
 * Where tests find things on the web phone's page: each value is a `data-testid`. These carry more:
 *
 * `phone`         the page once the account was registered, with the registration's status in `data-status`.
 * `call`          the call in front, with `data-phase`, `data-held`, `data-held-by-peer` and `data-muted`.
 * `call-note`     what became of the last call, with the reason in `data-reason`.
 * `message`       one message, with `data-status`.
 * `trace-entry`   one SIP message, with `data-direction`.
 * Pictures are `tile`s and sound is `audio`, as in a room.
 */
export const PHONE_IDS = {
  phone: 'phone',
  signIn: 'sign-in',
  signInProblem: 'sign-in-problem',
  registration: 'registration',
  settings: 'phone-settings',
  openSettings: 'open-phone-settings',

  number: 'number',
  callVoice: 'call-voice',
  callVideo: 'call-video',
  incoming: 'incoming',
  answer: 'answer',
  answerVideo: 'answer-video',
  decline: 'decline',

  call: 'call',
  callNote: 'call-note',
  mute: 'mute',
  hold: 'hold',
  showKeys: 'show-keys',
  transfer: 'transfer',
  transferTo: 'transfer-to',
  transferNow: 'transfer-now',
  hangUp: 'hang-up',
  peerKeys: 'peer-keys',
  referral: 'referral',
  follow: 'follow',
  otherCall: 'other-call',

  log: 'call-log',
  logEntry: 'call-log-entry',
  writeTo: 'write-to',
  startWriting: 'start-writing',
  messageField: 'message-field',
  sendMessage: 'send-message',
  message: 'message',
  trace: 'trace',
  traceEntry: 'trace-entry',
  traceFilter: 'trace-filter',
} as const;
