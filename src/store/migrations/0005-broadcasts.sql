-- Broadcasts reach also who was away when they were said, so whoever counts what waits looks at each
-- of them: among 75,000 messages the look through all of them took a third of `hcom list`.
CREATE INDEX idx_broadcasts ON events(id)
  WHERE type = 'message' AND json_extract(data, '$.scope') = 'broadcast';
