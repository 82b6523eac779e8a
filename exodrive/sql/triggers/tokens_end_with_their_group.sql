-- guards: API tokens of who has left Desk and Manager, at commit: whoever goes from one to the other still works here
CREATE CONSTRAINT TRIGGER tokens_end_with_their_group AFTER DELETE ON users_groups
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION tokens_end_with_their_user();
