"""How Hypothesis searches, for every room.

The suite gives the same answer on the same code, also on a loaded machine: examples are drawn
from a fixed seed, and the time an example takes decides nothing. To search for new examples:
`pytest --hypothesis-profile explore`.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "same_answer",
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same_answer")
