"""What stops a decoder: the message cannot be read as the standard says."""

from __future__ import annotations

from dataclasses import dataclass


class DecodeError(ValueError):
    """One message, element or packet breaks its standard; the text names the part and never holds an identifier."""


class TruncatedCaptureError(DecodeError):
    """The capture file ends early or is damaged: nothing after this can be read."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the capture that could not be read at all."""

    frame: int
    reason: str
    """`part: why`."""
    label: str
    """Kind and size, without identifiers."""
