using System.Buffers.Binary;
using System.Security.Cryptography;
using CimHost.VmKernel.Devices.Ipmi.Lan.Security;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// The sessions of an RMCP server: a bounded table. Idle ones end after the time that the specification gives (§6.12.15); half-open ones make
/// room for newer ones, so that packets without a password cannot keep users out.
/// </summary>
internal sealed class RmcpServerSessions(int capacity, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly Dictionary<uint, RmcpServerSession> _sessions = [];

    /// <summary>All sessions that the table takes.</summary>
    public int Capacity => capacity;

    /// <summary>Active sessions in the order of their handles.</summary>
    public RmcpServerSession[] Active => [.. _sessions.Values.Where(s => s.IsActive).OrderBy(s => s.Handle)];

    /// <summary>Finds a session that has not expired, and null otherwise.</summary>
    public RmcpServerSession? Find(uint id)
    {
        if (!_sessions.TryGetValue(id, out RmcpServerSession? session))
        {
            return null;
        }

        if (IsExpired(session))
        {
            Remove(session);
            return null;
        }

        return session;
    }

    /// <summary>Adds a half-open session; null when every place is taken by an active one.</summary>
    public RmcpServerSession? Add(uint consoleId, CipherSuite suite)
    {
        foreach (RmcpServerSession expired in _sessions.Values.Where(IsExpired).ToArray())
        {
            Remove(expired);
        }

        if (_sessions.Count == capacity)
        {
            if (_sessions.Values.Where(s => !s.IsActive).MinBy(s => s.LastUsed) is not { } oldest)
            {
                return null;
            }

            Remove(oldest);
        }

        byte handle = (byte)Enumerable.Range(1, capacity).First(number => _sessions.Values.All(s => s.Handle != number));
        var session = new RmcpServerSession(NewId(), consoleId, handle, suite) { LastUsed = time.GetTimestamp() };
        _sessions.Add(session.Id, session);
        return session;
    }

    /// <summary>Notes that the session was used.</summary>
    public void Touch(RmcpServerSession session) => session.LastUsed = time.GetTimestamp();

    /// <summary>Ends a session.</summary>
    public void Remove(RmcpServerSession session)
    {
        _sessions.Remove(session.Id);
        session.Codec?.Dispose();
    }

    /// <summary>Ends all sessions.</summary>
    public void Clear()
    {
        foreach (RmcpServerSession session in _sessions.Values.ToArray())
        {
            Remove(session);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private bool IsExpired(RmcpServerSession session) => time.GetElapsedTime(session.LastUsed) > timeout;

    private uint NewId()
    {
        while (true)
        {
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));
            if (id != 0 && !_sessions.ContainsKey(id))
            {
                return id;
            }
        }
    }
}
