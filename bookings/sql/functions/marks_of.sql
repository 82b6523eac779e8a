-- execute: exo_public, exo_service
-- The decisions not to rent to whoever these keyed hashes stand for, for a copy of their data: without the
-- hashes and without who of the staff it was. The public gets them with the copy that the mailbox has
-- confirmed: whoever only books never learns of them.
CREATE OR REPLACE FUNCTION marks_of(p_hashes text[]) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_agg(to_jsonb(m) - '{mailbox_hash,phone_hash,decided_by_id,lifted_by_id}'::text[] ORDER BY m.created_at), '[]')
  FROM do_not_rent m
  WHERE (m.mailbox_hash = ANY(p_hashes) OR m.phone_hash = ANY(p_hashes))
    AND (acting_role() <> 'exo_public' OR EXISTS (
      SELECT 1 FROM data_requests
      WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'copy' AND outcome = 'done'
    ))
$$;
