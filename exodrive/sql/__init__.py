"""What PostgreSQL itself enforces for the tables of this app: access.py, functions/, triggers/."""
