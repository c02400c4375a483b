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
  `
  -- Keys of the API. The key itself is shown once, and kept nowhere.
  CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- SHA-256 of the secret part, in hexadecimal digits.
    hash TEXT NOT NULL,
    -- JSON list.
    scopes TEXT NOT NULL,
    -- Ms since the epoch.
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;

  -- What this server signs with.
  CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT;

  CREATE TABLE webhook_delivery (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    room TEXT NOT NULL,
    -- JSON, as it is sent.
    body TEXT NOT NULL,
    -- That have failed.
    attempts INTEGER NOT NULL,
    -- Ms since the epoch.
    next_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX webhook_delivery_line ON webhook_delivery (url, room, sequence);
  `,
];
