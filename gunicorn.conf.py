"""What gunicorn needs to know beside the Procfile's line. It reads this file by itself when it is started here."""

worker_class = "exodrive.http.worker.PatientWorker"
worker_connections = (
    400  # at once in each process; with a file for each long body still within 1024 descriptors
)
