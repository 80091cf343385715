using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls.Pipes;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.SystemCalls.Sockets;

/// <summary>A stream socket within the kernel: new, bound, listening or connected.</summary>
internal sealed class LoopbackSocket(LoopbackNetwork network, SocketDomain domain, OpenFlags flags)
    : OpenFile(OpenFlags.O_RDWR | flags), IKernelFile
{
    private const int LongestBacklog = 128;

    private readonly Lock _lock = new();
    private readonly WaitQueue _arrivals = new();
    private Queue<Connection>? _backlog;
    private int _backlogLimit;
    private Connection? _connection;
    private LoopbackAddress? _bound;
    private LoopbackAddress? _acceptedAt;
    private bool _closed;

    /// <inheritdoc/>
    public int FileType => Stat.Socket;

    /// <summary>getsockname(): its address, or an empty one.</summary>
    public LoopbackAddress LocalAddress => _bound ?? _acceptedAt ?? new LoopbackAddress(domain, string.Empty, 0);

    /// <summary>getpeername().</summary>
    /// <exception cref="KernelException">ENOTCONN.</exception>
    public LoopbackAddress PeerAddress => Connected().Peer;

    private bool Waits => (Flags & OpenFlags.O_NONBLOCK) == 0;

    /// <summary>bind().</summary>
    /// <exception cref="KernelException">EAFNOSUPPORT, EINVAL bound already, and as the network.</exception>
    public void Bind(LoopbackAddress address, Credentials credentials)
    {
        CheckDomain(address);
        lock (_lock)
        {
            if (_bound is not null || _connection is not null)
            {
                throw new KernelException(Errno.EINVAL, "The socket has an address already.");
            }

            _bound = network.Bind(this, address, credentials);
        }
    }

    /// <summary>listen().</summary>
    /// <exception cref="KernelException">EINVAL connected, or not bound.</exception>
    public void Listen(int backlog)
    {
        lock (_lock)
        {
            if (_connection is not null || _bound is null)
            {
                throw new KernelException(Errno.EINVAL, "Only a bound socket that is not connected can listen.");
            }

            _backlog ??= new Queue<Connection>();
            _backlogLimit = Math.Clamp(backlog, 1, LongestBacklog);
        }
    }

    /// <summary>accept().</summary>
    /// <exception cref="KernelException">EINVAL not listening; EAGAIN.</exception>
    public async ValueTask<LoopbackSocket> AcceptAsync(OpenFlags acceptedFlags, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival = _arrivals.Next;
            if (TryAccept() is { } connection)
            {
                return new LoopbackSocket(network, domain, acceptedFlags) { _connection = connection, _acceptedAt = LocalAddress };
            }

            if (!Waits)
            {
                throw new KernelException(Errno.EAGAIN, "Nobody has connected.");
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>connect().</summary>
    /// <exception cref="KernelException">EAFNOSUPPORT, EISCONN, EOPNOTSUPP listening, ECONNREFUSED nobody listens or too many wait.</exception>
    public void Connect(LoopbackAddress address)
    {
        CheckDomain(address);
        lock (_lock)
        {
            if (_connection is not null)
            {
                throw new KernelException(Errno.EISCONN, "The socket is connected.");
            }

            if (_backlog is not null)
            {
                throw new KernelException(Errno.EOPNOTSUPP, "The socket listens.");
            }
        }

        LoopbackSocket listener = network.Find(address);
        var there = new PipeBuffer();
        var back = new PipeBuffer();
        if (listener == this || !listener.Offer(new Connection(there, back, LocalAddress)))
        {
            throw LoopbackNetwork.Refused(address);
        }

        lock (_lock)
        {
            _connection = new Connection(back, there, address);
        }

        _arrivals.Wake();
    }

    /// <summary>shutdown().</summary>
    /// <exception cref="KernelException">ENOTCONN, EINVAL.</exception>
    public void Shutdown(ShutdownHow how)
    {
        if (how is < ShutdownHow.SHUT_RD or > ShutdownHow.SHUT_RDWR)
        {
            throw new KernelException(Errno.EINVAL, $"shutdown: {(int)how} is none of its values.");
        }

        Connection connection = Connected();
        if (how != ShutdownHow.SHUT_WR)
        {
            connection.Incoming.CloseReaders();
        }

        if (how != ShutdownHow.SHUT_RD)
        {
            connection.Outgoing.CloseWriters();
        }
    }

    /// <summary>recv().</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool mayWait, CancellationToken cancellationToken) =>
        Connected().Incoming.ReadAsync(buffer, mayWait && Waits, cancellationToken);

    /// <summary>send().</summary>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, bool mayWait, CancellationToken cancellationToken) =>
        Connected().Outgoing.WriteAsync(buffer, mayWait && Waits, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReceiveAsync(buffer, mayWait: true, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        SendAsync(buffer, mayWait: true, cancellationToken);

    /// <inheritdoc/>
    public override PollEvents Poll()
    {
        lock (_lock)
        {
            if (_backlog is not null)
            {
                return _backlog.Count > 0 ? PollEvents.POLLIN : PollEvents.None;
            }

            if (_connection is null)
            {
                return PollEvents.POLLOUT | PollEvents.POLLHUP;
            }

            bool over = _connection.Incoming.WritersGone && _connection.Outgoing.ReadersGone;
            return (_connection.Incoming.IsReadable ? PollEvents.POLLIN : 0)
                | (_connection.Outgoing.HasRoom || _connection.Outgoing.ReadersGone ? PollEvents.POLLOUT : 0)
                | (over ? PollEvents.POLLHUP : 0);
        }
    }

    /// <inheritdoc/>
    public override Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        Task arrival = _arrivals.Next;
        Connection? connection = _connection;
        return (connection is null
            ? arrival
            : Task.WhenAny(connection.Incoming.Changes.Next, connection.Outgoing.Changes.Next)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Connection[] waiting;
        lock (_lock)
        {
            _closed = true;
            waiting = _backlog?.ToArray() ?? [];
        }

        if (_bound is { } address)
        {
            network.Unbind(address);
        }

        foreach (Connection connection in _connection is null ? waiting : [_connection, .. waiting])
        {
            connection.Incoming.CloseReaders();
            connection.Outgoing.CloseWriters();
        }
    }

    private Connection Connected() => _connection ?? throw new KernelException(Errno.ENOTCONN, "The socket is not connected.");

    private void CheckDomain(LoopbackAddress address)
    {
        if (address.Domain != domain)
        {
            throw new KernelException(Errno.EAFNOSUPPORT, $"The socket is of {domain}, the address of {address.Domain}.");
        }
    }

    private Connection? TryAccept()
    {
        lock (_lock)
        {
            return _backlog is null
                ? throw new KernelException(Errno.EINVAL, "The socket does not listen.")
                : _backlog.TryDequeue(out Connection? connection) ? connection : null;
        }
    }

    private bool Offer(Connection connection)
    {
        lock (_lock)
        {
            if (_closed || _backlog is null || _backlog.Count >= _backlogLimit)
            {
                return false;
            }

            _backlog.Enqueue(connection);
        }

        _arrivals.Wake();
        return true;
    }
}
