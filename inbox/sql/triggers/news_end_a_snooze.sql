-- guards: news: nothing new stays hidden behind a snooze
CREATE OR REPLACE TRIGGER news_end_a_snooze AFTER INSERT OR UPDATE OF status ON inbox_items
  FOR EACH ROW WHEN (NEW.status = 'pending') EXECUTE FUNCTION news_end_a_snooze();
