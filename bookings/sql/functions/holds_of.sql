-- execute: exo_public, exo_staff, exo_service
-- How many cars a visitor holds, and how many are held from a network. Makes rivals queue.
CREATE OR REPLACE FUNCTION holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  lock integer;
BEGIN
  FOR lock IN SELECT DISTINCT hashtext(word) FROM unnest(ARRAY[p_visitor, p_network]) AS word WHERE word <> '' ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(9, lock);
  END LOOP;
  SELECT count(*) FILTER (WHERE visitor = p_visitor), count(*) FILTER (WHERE network = p_network AND p_network <> '')
  INTO of_visitor, of_network
  FROM holds WHERE booking_id IS NULL AND expires_at > now() AND (visitor = p_visitor OR network = p_network);
END $$;
