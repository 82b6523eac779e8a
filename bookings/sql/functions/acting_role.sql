-- execute: exo_public, exo_staff, exo_service
-- Who began the statement. Guards inside functions and triggers ask this instead of the setting `role`:
-- rights and policies are those of the role that began a statement, but injected SQL may change the setting
-- halfway through it, as in `SELECT set_config('role', 'none', false), set_link_pin(…)`. The guards would
-- then see nobody they know and let pass what only staff and jobs may do, also with a login that can be
-- nobody but exo_public. Inside, `current_user` is the schema's owner. Only that login and superusers, who
-- may everything anyway, are nobody.
CREATE OR REPLACE FUNCTION acting_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE
    WHEN current_setting('role', true) IN ('exo_staff', 'exo_service') OR pg_has_role(session_user, current_user, 'MEMBER') THEN current_setting('role', true)
    ELSE 'exo_public'
  END
$$;
