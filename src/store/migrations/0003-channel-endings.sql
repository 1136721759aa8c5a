-- When messages of a channel end by themselves: what somebody chose here. `ttl_seconds` may also be
-- a number that came with a document, where it ends nothing.
ALTER TABLE comm_channel ADD COLUMN ends_after INTEGER NOT NULL DEFAULT 0;
UPDATE comm_channel SET ends_after = ttl_seconds;

DROP VIEW acomm_messages_v1;

-- Without what has ended.
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
WHERE coalesce(c.ends_after, 0) = 0
  OR m.ts_ns >= ((julianday('now') - 2440587.5) * 86400.0 - c.ends_after) * 1e9;
