"""How the kernel's SCTP is spoken to, by a made-up socket: this machine's kernel may have none."""

import socket
import struct

from cellwarden.interfaces.gate.sctp import MOST_OCTETS, KernelAssociation, KernelListener, Piece

SCTP, SNDINFO, RCVINFO = 132, 2, 3


class Socket:
    def __init__(self, *parts):
        self.parts, self.options, self.sent, self.is_shut = list(parts), [], [], False

    def setsockopt(self, *option):
        self.options.append(option)

    def recvmsg(self, *_):
        if not self.parts:
            return b"", [], 0, None
        return self.parts.pop(0)

    def sendmsg(self, buffers, ancillary):
        self.sent.append((b"".join(buffers), ancillary))

    def accept(self):
        raise OSError("closed")

    def shutdown(self, _):
        self.is_shut = True

    def close(self):
        pass


def info(stream, protocol):
    """Return struct sctp_rcvinfo as Linux lays it out: 28 octets, the protocol in network order."""
    return [(SCTP, RCVINFO, struct.pack("=HHHH", stream, 1, 0, 0) + struct.pack(">I", protocol) + bytes(16))]


def test_a_message_comes_with_its_stream_and_protocol():
    channel = Socket((b"one", info(5, 18), socket.MSG_EOR, None))
    association = KernelAssociation(channel, "10.9.0.1")
    assert association.receive() == Piece(5, 18, b"one")
    assert association.receive() is None
    assert (SCTP, 32, 1) in channel.options, "SCTP_RECVRCVINFO"


def test_a_message_in_parts_is_put_together():
    channel = Socket((b"on", info(5, 18), 0, None), (b"e", info(5, 18), socket.MSG_EOR, None))
    assert KernelAssociation(channel, "x").receive() == Piece(5, 18, b"one")


def test_a_message_without_end_ends_the_association():
    endless = [(b"x" * 65536, [], 0, None)] * (MOST_OCTETS // 65536 + 2)
    assert KernelAssociation(Socket(*endless), "x").receive() is None


def test_a_message_goes_with_its_stream_and_protocol():
    channel = Socket()
    KernelAssociation(channel, "x").send(Piece(9, 18, b"two"))
    ((data, ((level, kind, content),)),) = channel.sent
    assert (data, level, kind) == (b"two", SCTP, SNDINFO)
    assert len(content) == 16, "struct sctp_sndinfo"
    assert struct.unpack("=H", content[:2]) == (9,)
    assert struct.unpack(">I", content[4:8]) == (18,)


def test_what_is_closed_gives_nothing_more():
    channel = Socket()
    listener = KernelListener(channel)
    listener.close()
    assert listener.accept() is None
    assert channel.is_shut
    KernelAssociation(channel, "x").close()
