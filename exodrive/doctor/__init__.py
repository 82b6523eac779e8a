"""What a production setup lacks, in the order to mend it: `manage.py doctor`."""
