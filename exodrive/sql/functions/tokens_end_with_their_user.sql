-- execute: nobody
-- Whatever way a member of staff gets another password, is deactivated or works here no longer, their API
-- tokens end with it, and stay ended when they come back. What counts as working here: `User.works_here`. A
-- password that only got a newer hash (`User.check_password`) is the same password.
CREATE OR REPLACE FUNCTION tokens_end_with_their_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  who bigint;
  another_password boolean := false;
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    who := NEW.id;
    another_password := NEW.password <> OLD.password
      AND coalesce(current_setting('app.rehashing', true), '') <> 'yes';
  ELSE
    who := OLD.user_id;
  END IF;
  IF another_password THEN
    INSERT INTO security_events (id, created_at, updated_at, kind, user_id, actor_id, network, detail)
    VALUES (
      gen_random_uuid(), clock_timestamp(), clock_timestamp(), 'password_changed', who,
      nullif(current_setting('app.user_id', true), '')::bigint, '', ''
    );
  END IF;
  IF another_password OR NOT EXISTS (
    SELECT 1 FROM users u WHERE u.id = who AND u.is_active AND (u.is_superuser OR EXISTS (
      SELECT 1 FROM users_groups ug JOIN auth_group g ON g.id = ug.group_id
      WHERE ug.user_id = who AND g.name IN ('Desk', 'Manager')
    ))
  ) THEN
    UPDATE api_tokens SET revoked_at = now() WHERE user_id = who AND revoked_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
