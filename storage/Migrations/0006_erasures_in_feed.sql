-- The change feed tells what was erased. Erased before this version: not told, since whoever watched has loaded its page anew since then.
ALTER TABLE erased_utterances ADD COLUMN changed_xid xid8;
ALTER TABLE erased_utterances ALTER COLUMN changed_xid SET DEFAULT pg_current_xact_id();
CREATE INDEX erased_utterances_feed ON erased_utterances (changed_xid, utterance_id, device_id);

CREATE TRIGGER erased_utterances_ring AFTER INSERT ON erased_utterances
    FOR EACH STATEMENT EXECUTE FUNCTION fleet_ring();
