-- guards: API tokens of who has a new password or was deactivated
CREATE OR REPLACE TRIGGER tokens_end_with_their_user AFTER UPDATE OF password, is_active, is_superuser ON users
  FOR EACH ROW EXECUTE FUNCTION tokens_end_with_their_user();
