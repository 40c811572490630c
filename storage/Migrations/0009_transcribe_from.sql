-- Where the speech that is to be transcribed begins in the audio, in milliseconds: what is before it is the end of a keyword, kept to be heard. A constant
-- default: no row is rewritten.
ALTER TABLE utterance_audio ADD COLUMN transcribe_from_ms integer NOT NULL DEFAULT 0 CHECK (transcribe_from_ms >= 0);
