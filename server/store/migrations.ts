/** The schema, as the steps that lead to it. A step that was released is never changed; new ones are appended. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE room (
    name TEXT PRIMARY KEY,
    -- What a caller keys in.
    number TEXT NOT NULL UNIQUE,
    -- JSON; see rooms.ts.
    settings TEXT NOT NULL,
    -- Ms since the epoch.
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE chat_message (
    sequence INTEGER PRIMARY KEY,
    -- Any room's, also of one that does not last.
    room TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    participant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Ms since the epoch.
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX chat_message_room ON chat_message (room, sequence);
  `,
];
