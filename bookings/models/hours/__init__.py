"""What is had by the hour: rides, and the spans that they take in the ledger."""
