/**
 * Where tests find things: each value is a `data-testid`. These carry more:
 *
 * `room`     the room's root, with the client's phase in `data-phase`.
 * `tile`     also `data-participant-id`, `data-source` (`camera` or `screen`) and, while there is a picture,
 *            `data-publication-id`; its `<video>` is the only one inside. `data-speaking` marks the dominant speaker,
 *            `data-pinned` and `data-featured` the one in front, `data-muted` who is not heard.
 * `audio`    an `<audio>` element for one publication, with `data-publication-id` and `data-participant-id`.
 * `chatMessage`  one message, with `data-message-id`.
 * `person`   one line of the list of people, with `data-participant-id`.
 * `notice`   one notice on top of the stage, with `data-tone`; a lasting one also with `data-cause`.
 * `problem`  the screen that tells why one is not in the room, with the error's code in `data-code`.
 * `stream`   one stream in the connection figures, with `data-publication-id` and `data-direction`.
 * Buttons for microphone, camera, screen and hand have `data-on` while that is on.
 */
export const TEST_IDS = {
  name: 'name',
  join: 'join',
  selfPreview: 'self-preview',
  deviceProblem: 'device-problem',
  testSpeaker: 'test-speaker',
  problem: 'problem',
  retry: 'retry',
  knockAgain: 'knock-again',
  left: 'left',
  rejoin: 'rejoin',
  /** Why one waits is in `data-waiting-for`. */
  waiting: 'waiting',
  stopWaiting: 'stop-waiting',
  passwordScreen: 'password-screen',
  passwordField: 'password-field',
  attendance: 'attendance',

  room: 'room',
  stage: 'stage',
  tile: 'tile',
  pin: 'pin',
  audio: 'audio',
  pager: 'pager',
  pagePrevious: 'page-previous',
  pageNext: 'page-next',
  notice: 'notice',
  unblockSound: 'unblock-sound',

  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
  hand: 'hand',
  react: 'react',
  more: 'more',
  leave: 'leave',
  /** Lines of the menu behind `leave`, for hosts who are not alone. */
  leaveRoom: 'leave-room',
  endRoom: 'end-room',
  chat: 'chat',
  people: 'people',
  copyLink: 'copy-link',

  /** The panels themselves. */
  chatPanel: 'chat-panel',
  peoplePanel: 'people-panel',
  statsPanel: 'stats-panel',
  closePanel: 'close-panel',
  chatField: 'chat-field',
  chatSend: 'chat-send',
  chatMessage: 'chat-message',
  chatTo: 'chat-to',
  chatReply: 'chat-reply',
  chatReact: 'chat-react',
  chatReaction: 'chat-reaction',
  person: 'person',
  personMenu: 'person-menu',
  /** Those at the door, in the list of people. */
  door: 'door',
  knock: 'knock',
  admit: 'admit',
  deny: 'deny',
  admitAll: 'admit-all',
  writeToDoor: 'write-to-door',
  doorField: 'door-field',
  admitFromNotice: 'admit-from-notice',
  hands: 'hands',
  nextFloor: 'next-floor',
  allMenu: 'all-menu',
  muteAll: 'mute-all',
  muteAllFirmly: 'mute-all-firmly',
  allowAll: 'allow-all',
  askAll: 'ask-all',
  stopCameras: 'stop-cameras',
  stopCamerasFirmly: 'stop-cameras-firmly',
  allowCameras: 'allow-cameras',
  stopScreens: 'stop-screens',
  lowerHands: 'lower-hands',
  saveAttendance: 'save-attendance',
  saveChat: 'save-chat',
  stream: 'stream',

  /** Lines of the menu behind `more`. */
  layoutGrid: 'layout-grid',
  layoutSpeaker: 'layout-speaker',
  soundOnly: 'sound-only',
  selfView: 'self-view',
  fullScreen: 'full-screen',
  openStats: 'open-stats',
  openSettings: 'open-settings',
  openShortcuts: 'open-shortcuts',

  openRoomSettings: 'open-room-settings',
  openInvite: 'open-invite',
  openCalls: 'open-calls',

  settings: 'settings',
  roomSettings: 'room-settings',
  roomPassword: 'room-password',
  roomPin: 'room-pin',
  invite: 'invite',
  dialIn: 'dial-in',
  callDialog: 'call-dialog',
  callField: 'call-field',
  callNow: 'call-now',
  /** One call out of the room, with `data-state`. */
  call: 'call',
  cancelCall: 'cancel-call',
  callAgain: 'call-again',
  rename: 'rename',
  /** A question before something that cannot be taken back, and its answer. */
  confirm: 'confirm',
  confirmed: 'confirmed',
  stageInvitation: 'stage-invitation',
  shortcuts: 'shortcuts',
} as const;
