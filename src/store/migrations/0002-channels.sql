-- Channels (101): who is in them, who listens to topics, what was said. Written by the program
-- only; the acomm_* views are the form that other programs' SQL may rely on.
-- Everything here must stay readable by the sqlite3 3.40 shell: built-in functions only.

-- Each space numbers its channels, messages and subscriptions on its own, so that a document's
-- own ids stay what they were. `form` and `rest` are those of the document it came from, as JSON.
CREATE TABLE comm_space (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  next_channel INTEGER NOT NULL DEFAULT 1,
  next_message INTEGER NOT NULL DEFAULT 1,
  next_subscription INTEGER NOT NULL DEFAULT 1,
  form TEXT,
  rest TEXT
);

-- What was imported from where; `rest` is what the space had no place for.
CREATE TABLE comm_origin (
  space INTEGER NOT NULL,
  origin TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  form TEXT NOT NULL,
  rest TEXT,
  PRIMARY KEY (space, origin)
) WITHOUT ROWID;

-- `seq` is the order in which a document is written again, here and below.
CREATE TABLE comm_channel (
  seq INTEGER PRIMARY KEY,
  space INTEGER NOT NULL,
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  created_at TEXT NOT NULL,
  max_participants INTEGER NOT NULL DEFAULT 0,
  ttl_seconds INTEGER NOT NULL DEFAULT 0,
  persistence INTEGER NOT NULL DEFAULT 1,
  encryption_required INTEGER NOT NULL DEFAULT 0,
  ext TEXT,
  UNIQUE (space, id)
);
CREATE INDEX idx_comm_channel_name ON comm_channel(space, name, id);

-- `cursor_id` is the highest message id that was read as a member.
CREATE TABLE comm_member (
  space INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  participant TEXT NOT NULL,
  principal TEXT,
  wake TEXT NOT NULL DEFAULT 'push',
  cursor_id INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (space, channel, pos)
) WITHOUT ROWID;
CREATE INDEX idx_comm_member_participant ON comm_member(space, channel, participant);
CREATE INDEX idx_comm_member_principal ON comm_member(principal) WHERE principal IS NOT NULL;

-- A text once, however many copies of the message there are.
-- is_indexed = 0: not in comm_fts, so a search has to look at the text itself.
CREATE TABLE comm_body (
  id INTEGER PRIMARY KEY,
  content TEXT NOT NULL,
  is_indexed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX idx_comm_body_unindexed ON comm_body(id) WHERE is_indexed = 0;

-- `ts_ns` orders: nanoseconds since 1970, too large for a JavaScript number.
CREATE TABLE comm_message (
  seq INTEGER PRIMARY KEY,
  space INTEGER NOT NULL,
  id INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT,
  body INTEGER NOT NULL,
  type TEXT NOT NULL,
  ts TEXT NOT NULL,
  ts_ns INTEGER NOT NULL,
  signature TEXT,
  metadata TEXT,
  ext TEXT,
  event_id INTEGER,
  UNIQUE (space, id)
);
CREATE INDEX idx_comm_message_history ON comm_message(space, channel, ts_ns, id);
CREATE INDEX idx_comm_message_unread ON comm_message(space, channel, recipient, id);
-- With all that the walk of a search needs of a message.
CREATE INDEX idx_comm_message_time ON comm_message(space, ts_ns, id, channel, body);
CREATE INDEX idx_comm_message_body ON comm_message(body);

CREATE TABLE comm_ack (
  message INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  who TEXT NOT NULL,
  at TEXT,
  PRIMARY KEY (message, pos)
) WITHOUT ROWID;

-- `cursor_id` is the highest message id when it began: what was published earlier is not unread.
CREATE TABLE comm_subscription (
  seq INTEGER PRIMARY KEY,
  space INTEGER NOT NULL,
  id INTEGER NOT NULL,
  topic TEXT NOT NULL,
  subscriber TEXT NOT NULL,
  created_at TEXT NOT NULL,
  principal TEXT,
  wake TEXT NOT NULL DEFAULT 'push',
  cursor_id INTEGER NOT NULL DEFAULT 0,
  ext TEXT,
  UNIQUE (space, id)
);
CREATE INDEX idx_comm_subscription_topic ON comm_subscription(space, topic, subscriber);
CREATE INDEX idx_comm_subscription_pattern ON comm_subscription(space, id)
  WHERE topic GLOB '*[*#]*';
CREATE INDEX idx_comm_subscription_principal ON comm_subscription(principal)
  WHERE principal IS NOT NULL;

-- How far a subscriber who is no member has read in a channel.
CREATE TABLE comm_cursor (
  space INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  participant TEXT NOT NULL,
  cursor_id INTEGER NOT NULL,
  PRIMARY KEY (space, channel, participant)
) WITHOUT ROWID;

-- Fed by the program with the lower-cased text, since SQLite lower-cases ASCII only.
CREATE VIRTUAL TABLE comm_fts USING fts5(
  content, tokenize = 'trigram case_sensitive 1', content = '', columnsize = 0, detail = none
);

-- What was asked of us through a session, and why.
CREATE TABLE comm_oplog (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  store TEXT NOT NULL,
  tool TEXT NOT NULL,
  at TEXT NOT NULL,
  related_kind TEXT,
  related_id INTEGER,
  ok INTEGER NOT NULL,
  error TEXT
);
CREATE TABLE comm_context (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  store TEXT NOT NULL,
  at TEXT NOT NULL,
  intent TEXT NOT NULL,
  observation TEXT,
  related_message_id INTEGER,
  topic TEXT
);

-- How soon its reader wants it: null and 'push' = at once, 'next-turn', 'digest'.
ALTER TABLE deliveries ADD COLUMN policy TEXT;
CREATE INDEX idx_deliveries_policy ON deliveries(principal, message_id)
  WHERE policy IS NOT NULL AND state IN ('stored', 'offered');

CREATE VIEW acomm_channels_v1 AS
SELECT
  s.key AS space, c.id, c.name, c.type AS channel_type, c.created_at,
  (SELECT json_group_array(participant) FROM (
    SELECT participant FROM comm_member AS m
    WHERE m.space = c.space AND m.channel = c.id ORDER BY m.pos)) AS participants,
  c.max_participants, c.ttl_seconds, c.persistence, c.encryption_required
FROM comm_channel AS c JOIN comm_space AS s ON s.id = c.space;

-- Without what has outlived its channel's time to live.
CREATE VIEW acomm_messages_v1 AS
SELECT
  s.key AS space, m.id, m.channel AS channel_id, m.sender, m.recipient, b.content,
  m.type AS message_type, m.ts AS timestamp, coalesce(m.metadata, '{}') AS metadata, m.signature,
  (SELECT json_group_array(who) FROM (
    SELECT who FROM comm_ack AS a WHERE a.message = m.seq ORDER BY a.pos)) AS acknowledged_by,
  m.event_id
FROM comm_message AS m
JOIN comm_space AS s ON s.id = m.space
JOIN comm_body AS b ON b.id = m.body
LEFT JOIN comm_channel AS c ON c.space = m.space AND c.id = m.channel
WHERE coalesce(c.ttl_seconds, 0) = 0
  OR m.ts_ns >= ((julianday('now') - 2440587.5) * 86400.0 - c.ttl_seconds) * 1e9;

CREATE VIEW acomm_subscriptions_v1 AS
SELECT s.key AS space, u.id, u.topic, u.subscriber, u.created_at
FROM comm_subscription AS u JOIN comm_space AS s ON s.id = u.space;
