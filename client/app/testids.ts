/**
 * Where tests find things. Controls are found by role and English name (`Mute`, `Unmute`, `Turn camera on`, `Share
 * screen`, `Raise hand`, `Leave`, `Join now`, …); what has no name of its own carries one of these as `data-testid`.
 *
 * `tile`     also `data-participant-id`, `data-source` (`camera` or `screen`) and, while there is a picture,
 *            `data-publication-id`; its `<video>` is the only one inside. `data-speaking` marks the dominant speaker.
 * `audio`    an `<audio>` element for one publication, with `data-publication-id` and `data-participant-id`.
 * `chatItem` one message, with `data-message-id`.
 * `notice`   one notice on top of the stage, with `data-tone`.
 * `phase`    the room's root, with the client's phase in `data-phase`.
 */
export const TEST_IDS = {
  tile: 'tile',
  audio: 'audio',
  chatItem: 'chat-message',
  notice: 'notice',
  phase: 'room',
  stage: 'stage',
  selfPreview: 'self-preview',
} as const;
