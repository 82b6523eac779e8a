-- guards: a service day that became somebody's: no lapsed span stays on it
CREATE OR REPLACE TRIGGER sweep_lapsed_spans AFTER UPDATE OF status ON car_availability
  FOR EACH ROW WHEN (OLD.status = 'service' AND NEW.status <> 'service') EXECUTE FUNCTION sweep_lapsed_spans();
