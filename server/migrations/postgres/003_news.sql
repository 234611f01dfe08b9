-- What followers see is told in the transaction that changes it: nobody can commit and not
-- tell, whichever program it is and whatever becomes of it. What is sent is what servers send
-- each other (events/others.rs), without a revision; `shikaku.server` is who it is.

CREATE FUNCTION tell(audiences TEXT) RETURNS VOID LANGUAGE sql AS $$
  SELECT pg_notify('shikaku', '{"from":'
    || coalesce(nullif(current_setting('shikaku.server', true), ''), '0')
    || ',"revision":0,"audiences":[' || audiences || '],"said":null}')
$$;

CREATE FUNCTION tell_institution(id BIGINT) RETURNS VOID LANGUAGE sql AS $$
  SELECT tell('{"Institution":' || id || '}')
$$;

CREATE FUNCTION tell_operators(institution BIGINT) RETURNS VOID LANGUAGE sql AS $$
  SELECT tell('{"Institution":' || institution || '},"Operators"')
$$;

-- Of rows that name their institution.
CREATE FUNCTION changed_at_institution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM tell_institution(OLD.institution_id);
  ELSE
    PERFORM tell_institution(NEW.institution_id);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tells AFTER INSERT OR UPDATE OF name, token_hash, revoked_at ON reader_screen
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();
CREATE TRIGGER tells_first AFTER INSERT ON visual_confirmation
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();
-- Most updates only keep it open.
CREATE TRIGGER tells AFTER UPDATE ON visual_confirmation
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.ended_at IS DISTINCT FROM NEW.ended_at)
  EXECUTE FUNCTION changed_at_institution();
CREATE TRIGGER tells AFTER INSERT OR UPDATE ON passcode
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();
CREATE TRIGGER tells AFTER INSERT OR UPDATE OR DELETE ON unlinked_card
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();
CREATE TRIGGER tells AFTER INSERT OR UPDATE ON consents_asked
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();
CREATE TRIGGER tells AFTER INSERT OR UPDATE OF password_hash, disabled_at, one_time_until, role ON account
  FOR EACH ROW EXECUTE FUNCTION changed_at_institution();

-- Of rows that name their account.
CREATE FUNCTION changed_at_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  its_account BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.account_id ELSE NEW.account_id END;
BEGIN
  PERFORM tell_institution(institution_id) FROM account WHERE id = its_account;
  RETURN NULL;
END $$;

-- Whoever follows with it has to stop.
CREATE TRIGGER tells AFTER DELETE ON session
  FOR EACH ROW EXECUTE FUNCTION changed_at_account();
CREATE TRIGGER tells AFTER INSERT OR DELETE ON passkey
  FOR EACH ROW EXECUTE FUNCTION changed_at_account();

-- What operators see, too.
CREATE FUNCTION changed_for_operators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_operators(NEW.institution_id);
  RETURN NULL;
END $$;
CREATE TRIGGER tells AFTER INSERT OR UPDATE ON opening
  FOR EACH ROW EXECUTE FUNCTION changed_for_operators();

CREATE FUNCTION report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_operators(institution_id) FROM opening WHERE id = NEW.opening_id;
  RETURN NULL;
END $$;
CREATE TRIGGER tells AFTER INSERT OR UPDATE ON usage_report
  FOR EACH ROW EXECUTE FUNCTION report_changed();

CREATE FUNCTION institution_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_operators(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER tells AFTER INSERT OR UPDATE ON institution
  FOR EACH ROW EXECUTE FUNCTION institution_changed();
