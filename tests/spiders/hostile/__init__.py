"""A server that does what the web does: real sockets, in process, each behaviour with its recorded outcome."""
