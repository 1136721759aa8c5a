-- Channels that all devices of the group know. `owner`: uuid of the device that made it, '' = this
-- one; `remote_id`: its number there.
CREATE TABLE relay_channels (
  space INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  owner TEXT NOT NULL,
  remote_id INTEGER NOT NULL,
  PRIMARY KEY (space, channel),
  UNIQUE (owner, remote_id)
) WITHOUT ROWID;
