using CimHost.VmKernel.SystemCalls.Pipes;

namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>One side of a connection.</summary>
/// <param name="Incoming">Bytes from the peer.</param>
/// <param name="Outgoing">Bytes to the peer.</param>
/// <param name="Peer">Address of the peer; with an empty name or port 0 when it has none.</param>
internal sealed record Connection(PipeBuffer Incoming, PipeBuffer Outgoing, LoopbackAddress Peer);
