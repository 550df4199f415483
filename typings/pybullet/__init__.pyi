# PyBullet is one C module without types; there is no wheel of it for Python 3.12 and later.
from typing import Any

def __getattr__(name: str) -> Any: ...
