-- execute: exo_staff
-- Whether the member of staff who asks is a manager. Staff without a name are the shell's
-- (`bookings/lifecycle/managers.py` says the same).
CREATE OR REPLACE FUNCTION acts_as_manager() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT nullif(current_setting('app.user_id', true), '') IS NULL OR EXISTS (
    SELECT 1 FROM users u
    WHERE u.id = current_setting('app.user_id', true)::bigint AND u.is_active AND (u.is_superuser OR EXISTS (
      SELECT 1 FROM users_groups ug JOIN auth_group g ON g.id = ug.group_id WHERE ug.user_id = u.id AND g.name = 'Manager'
    ))
  )
$$;
