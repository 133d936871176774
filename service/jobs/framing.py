"""How a message stands on the socket between service and worker: its length, then its bytes."""

import struct

HEADER = struct.Struct("!Q")
