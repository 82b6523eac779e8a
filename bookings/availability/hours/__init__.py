"""Hours in the ledger of days: spans on service days, blocks with clock times, and what must hold of them."""
