using System.Collections.Concurrent;
using System.Security.Cryptography;
using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints.Files;

/// <summary>
/// Sessions of the file endpoint: who authenticated once goes on with ESXi's cookie. A session ends when it was not used for a while, at
/// the latest after a day, and at once when anything of its user changes.
/// </summary>
/// <param name="isCurrent">Whether a caller's login still holds: nothing of the user has changed since.</param>
/// <param name="time">The clock.</param>
public sealed class FileSessions(Func<CimCaller, bool> isCurrent, TimeProvider time)
{
    /// <summary>Name of the cookie; its value stands in quotes.</summary>
    public const string Cookie = "vmware_soap_session";

    private const int MaxSessions = 1_000;
    private const int IdLength = 32;

    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_life = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <summary>Who the request's cookie stands for; null when it has none or the session is over.</summary>
    public CimCaller? Find(HttpRequest request)
    {
        string id = request.Cookies[Cookie]?.Trim('"') ?? string.Empty;
        if (id.Length != IdLength * 2 || !_sessions.TryGetValue(id, out Session? session))
        {
            return null;
        }

        long now = time.GetTimestamp();
        if (IsOver(session, now))
        {
            _sessions.TryRemove(KeyValuePair.Create(id, session));
            return null;
        }

        session.LastUse = now;
        return session.Caller;
    }

    /// <summary>Begins a session for a caller that authenticated just now and sends its cookie.</summary>
    public void Begin(HttpContext context, CimCaller caller)
    {
        MakeRoom();
        string id = Convert.ToHexString(RandomNumberGenerator.GetBytes(IdLength));
        long now = time.GetTimestamp();
        _sessions[id] = new Session(caller, now) { LastUse = now };
        context.Response.Headers.Append("Set-Cookie", $"{Cookie}=\"{id}\"; Path=/; HttpOnly; Secure; SameSite=Strict");
    }

    private bool IsOver(Session session, long now) =>
        !isCurrent(session.Caller)
        || time.GetElapsedTime(session.LastUse, now) > s_idle
        || time.GetElapsedTime(session.Begun, now) > s_life;

    // Who sends Basic credentials each time and throws the cookies away makes sessions that nobody uses; the oldest of them go.
    private void MakeRoom()
    {
        if (_sessions.Count < MaxSessions)
        {
            return;
        }

        long now = time.GetTimestamp();
        foreach (KeyValuePair<string, Session> session in _sessions.OrderBy(s => s.Value.LastUse).Where((s, i) => i < MaxSessions / 10 || IsOver(s.Value, now)))
        {
            _sessions.TryRemove(session);
        }
    }

    private sealed class Session(CimCaller caller, long begun)
    {
        private long _lastUse;

        public CimCaller Caller { get; } = caller;

        public long Begun { get; } = begun;

        public long LastUse
        {
            get => Interlocked.Read(ref _lastUse);
            set => Interlocked.Exchange(ref _lastUse, value);
        }
    }
}
