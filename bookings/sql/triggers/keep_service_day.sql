-- guards: the days on which spans stand
CREATE OR REPLACE TRIGGER keep_service_day
  AFTER INSERT OR DELETE OR UPDATE OF car_id, date, starts_at, ends_at, expires_at ON vehicle_assignments
  FOR EACH ROW EXECUTE FUNCTION keep_service_day();
