-- Several machines in one group: who they are, what came from where, what they are told of it.

CREATE TABLE relay_devices (
  uuid TEXT PRIMARY KEY,
  short TEXT NOT NULL UNIQUE,
  -- JSON array; NULL = an older program that does not say.
  capabilities TEXT,
  max_packet INTEGER,
  -- 1: it also tells how far messages got.
  has_ledger INTEGER NOT NULL DEFAULT 0,
  first_seen REAL NOT NULL,
  synced_at REAL NOT NULL,
  -- Newest second of its clock whose state was applied.
  watermark INTEGER NOT NULL DEFAULT 0,
  reset_at REAL NOT NULL DEFAULT 0,
  -- Its last event that is here, and its last one that we know of.
  cursor INTEGER,
  head INTEGER NOT NULL DEFAULT 0,
  -- Seconds by which its clock is ahead of ours.
  skew REAL NOT NULL DEFAULT 0,
  -- Up to where its receipts have come in here.
  seen INTEGER NOT NULL DEFAULT 0,
  -- Which log of its these numbers are of.
  epoch TEXT NOT NULL DEFAULT '',
  gone_at REAL
) WITHOUT ROWID;

-- Each event that came from another device: the same one never comes twice.
CREATE TABLE relay_origins (
  event_id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  remote_id INTEGER NOT NULL,
  UNIQUE (device, remote_id)
);

-- What the device of a message's sender is still to be told.
CREATE TABLE relay_receipts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  device TEXT NOT NULL,
  remote_id INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  at REAL NOT NULL,
  via TEXT,
  reason TEXT,
  UNIQUE (device, remote_id, recipient)
);

-- What was asked of other devices, until whoever asked has the answer.
CREATE TABLE relay_requests (
  id TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  action TEXT NOT NULL,
  params TEXT NOT NULL,
  created_at REAL NOT NULL,
  published_at REAL,
  answered_at REAL,
  ok INTEGER,
  result TEXT
) WITHOUT ROWID;

-- Answers to requests of other devices; the event that carries one away says what was asked.
CREATE TABLE relay_answers (
  event_id INTEGER PRIMARY KEY,
  result TEXT NOT NULL,
  created_at REAL NOT NULL
);

ALTER TABLE deliveries ADD COLUMN published_at REAL;
ALTER TABLE deliveries ADD COLUMN arrived_at REAL;

-- Whoever moves a delivery of a message from elsewhere, hook or command, leaves a receipt by it.
-- Deleted and inserted: a conflict clause of the statement that fires would reach in here.
CREATE TRIGGER deliveries_arrive AFTER INSERT ON deliveries
WHEN EXISTS (SELECT 1 FROM relay_origins WHERE event_id = new.message_id)
BEGIN
  DELETE FROM relay_receipts WHERE recipient = new.recipient AND (device, remote_id) IN
    (SELECT device, remote_id FROM relay_origins WHERE event_id = new.message_id);
  INSERT INTO relay_receipts (device, remote_id, recipient, state, at, via, reason)
    SELECT device, remote_id, new.recipient, new.state,
      coalesce(new.answered_at, new.in_context_at, new.handed_at, new.offered_at, new.created_at),
      new.via, new.reason
    FROM relay_origins WHERE event_id = new.message_id;
END;
CREATE TRIGGER deliveries_move AFTER UPDATE OF state ON deliveries
WHEN new.state IS NOT old.state
  AND EXISTS (SELECT 1 FROM relay_origins WHERE event_id = new.message_id)
BEGIN
  DELETE FROM relay_receipts WHERE recipient = new.recipient AND (device, remote_id) IN
    (SELECT device, remote_id FROM relay_origins WHERE event_id = new.message_id);
  INSERT INTO relay_receipts (device, remote_id, recipient, state, at, via, reason)
    SELECT device, remote_id, new.recipient, new.state,
      coalesce(new.answered_at, new.in_context_at, new.handed_at, new.offered_at, new.created_at),
      new.via, new.reason
    FROM relay_origins WHERE event_id = new.message_id;
END;

-- Their numbers go on from here also when the log begins anew: others remember the highest.
INSERT INTO sqlite_sequence (name, seq)
  VALUES ('relay_receipts', CAST(strftime('%s', 'now') AS INTEGER) * 1000);
