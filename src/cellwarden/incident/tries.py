"""Wrong codes are counted a line, so that nobody guesses one; the file names no line.

A question is asked while the file is held: whoever asks a thousand times at once waits in one row, and finds every wrong code counted.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from cellwarden.incident.lookup import VALID

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from cellwarden.incident.lookup import Answer


def counted(path: Path, secret: bytes, subject: str, *, at: datetime, ask: Callable[[int], Answer]) -> Answer:
    """Ask with the number of wrong codes that the line got within the last ten minutes, and count this one if it is wrong.

    Args:
        path: File of the wrong codes; made if it is not there. What is older than ten minutes is dropped from it.
        secret: Key of the look-up; a line stands in the file as a digest under it.
        subject: Whom the question is about.
        at: Now, aware.
        ask: Is called once, with the number.
    """
    line = hmac.new(secret, f"tries|{subject}".encode(), hashlib.sha256).hexdigest()
    now = at.timestamp()
    with path.open("a+", encoding="ascii") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lately = [each for each in map(json.loads, file.read().split()) if now - VALID.total_seconds() < each[1]]
        answer = ask(sum(each[0] == line for each in lately))
        if not answer.is_proven:
            lately.append([line, now])
        file.seek(0)
        file.truncate()
        file.writelines(json.dumps(each, separators=(",", ":")) + "\n" for each in lately)
    return answer
