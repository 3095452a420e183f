"""Put on PYTHONPATH of a subprocess, it refuses every socket that could reach a network, loopback included."""

import socket

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _refuse(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        raise AssertionError(f"a run without network tried to reach {address}")


def connect(self, address):
    _refuse(self, address)
    return _connect(self, address)


def connect_ex(self, address):
    _refuse(self, address)
    return _connect_ex(self, address)


socket.socket.connect = connect
socket.socket.connect_ex = connect_ex
