"""What `manage.py drill` is made of: a site of its own, its customers, a mail provider, faults, and a verdict."""
