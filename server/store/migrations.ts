/**
 * The schema, as the steps that lead to it. A step that was released is never changed; new ones are appended. While a
 * new version takes over, the one before goes on with the new schema: steps only add to what that one knows, and columns
 * that it does not write have a default. What is not used any more goes a version later.
 */
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
  `
  ALTER TABLE room ADD COLUMN pin TEXT;
  ALTER TABLE room ADD COLUMN password_hash TEXT;
  -- JSON lists; see rooms.ts.
  ALTER TABLE room ADD COLUMN host_key_hashes TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE room ADD COLUMN bans TEXT NOT NULL DEFAULT '[]';
  -- 0 for a room that is forgotten when the last has left.
  ALTER TABLE room ADD COLUMN lasting INTEGER NOT NULL DEFAULT 1;
  -- Ms since the epoch, or NULL.
  ALTER TABLE room ADD COLUMN starts_at INTEGER;
  -- When the first came in; NULL while nobody is there.
  ALTER TABLE room ADD COLUMN opened_at INTEGER;
  -- Since when nobody came back after the server was stopped in the middle; NULL for others.
  ALTER TABLE room ADD COLUMN left_behind_at INTEGER;

  -- 'everyone', 'hosts', or the id of one participant, which is never either of them.
  ALTER TABLE chat_message ADD COLUMN audience TEXT NOT NULL DEFAULT 'everyone';
  ALTER TABLE chat_message ADD COLUMN reply_to TEXT;
  -- JSON; see chat.ts.
  ALTER TABLE chat_message ADD COLUMN reactions TEXT NOT NULL DEFAULT '[]';

  CREATE TABLE attendance (
    sequence INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    participant_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Ms since the epoch; NULL while they are there.
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    hands INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX attendance_room ON attendance (room, joined_at);
  `,
  `
  -- Of the token that its session is resumed with.
  ALTER TABLE attendance ADD COLUMN pass_hash TEXT;
  -- When the server last saw them there, in ms since the epoch; NULL in the first minute.
  ALTER TABLE attendance ADD COLUMN seen_at INTEGER;
  -- 1 when it was the server that went away, and they have not come back.
  ALTER TABLE attendance ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX attendance_pass ON attendance (pass_hash) WHERE cut_off = 1;
  `,
  `
  CREATE TABLE call_record (
    call_id TEXT PRIMARY KEY,
    direction TEXT NOT NULL,
    trunk TEXT NOT NULL,
    number TEXT,
    name TEXT,
    called TEXT,
    room TEXT,
    -- Ms since the epoch.
    started_at INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    fault TEXT NOT NULL,
    sip_status INTEGER,
    failed_pins INTEGER NOT NULL,
    leg TEXT,
    codec TEXT,
    packets_received INTEGER NOT NULL,
    packets_lost INTEGER NOT NULL,
    jitter_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX call_record_start ON call_record (started_at);
  `,
  `
  -- Of one from the settings its URL.
  ALTER TABLE webhook_delivery RENAME COLUMN url TO receiver;
  -- A room, or a call.
  ALTER TABLE webhook_delivery RENAME COLUMN room TO about;

  CREATE TABLE webhook_receiver (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    -- As it is: what is sent is signed with it.
    secret TEXT NOT NULL,
    -- JSON list.
    events TEXT NOT NULL,
    -- Ms since the epoch.
    created_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE ended_session (
    id TEXT PRIMARY KEY,
    -- Ms since the epoch.
    expires_at INTEGER NOT NULL
  ) STRICT;
  `,
];
