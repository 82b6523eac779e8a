"""A PayPal on this machine: its paths, states, error texts and signed webhooks, for trying payments without an account.

What it does is what PayPal's OpenAPI files and pages say; those files judge it in the tests. What nobody says, it does
strictly. It is no proof of what PayPal does with real cards, risk and accounts.
"""

from exodrive.dev.paypal_sim.faults import Faults
from exodrive.dev.paypal_sim.server import Simulator

__all__ = ["Faults", "Simulator"]
