-- When a stream of a screen last began or ended: of one that is not connected, until when it was.
ALTER TABLE reader_screen ADD COLUMN last_seen_at INTEGER;
