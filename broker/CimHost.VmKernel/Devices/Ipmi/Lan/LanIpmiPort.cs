using CimHost.Sdk.Hardware;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>
/// A remote BMC over the network: RMCP+ (IPMI 2.0), else IPMI 1.5. The session is opened with the first command, shared by all callers,
/// opened again when the BMC lost it, kept alive, and closed with the port. Only one attempt to open it runs at a time; for a moment
/// after a failed one, commands fail at once with its reason.
/// </summary>
public sealed partial class LanIpmiPort : IIpmiPort, IAsyncDisposable
{
    /// <summary>Commands in flight at once.</summary>
    internal const int InFlight = 8;

    private const int MaxData = 240;

    private readonly RemoteBmc _bmc;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly LanTiming _timing;
    private readonly SemaphoreSlim _slots = new(InFlight);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private LanSession? _session;
    private Task<Opening>? _opening;
    private Task _closing = Task.CompletedTask;
    private HardwareException? _failure;
    private long _failedAt;
    private TimeSpan _backOff;
    private bool _hadRmcpPlus;
    private bool _disposed;

    /// <summary>Creates the port; nothing is sent before the first command.</summary>
    public LanIpmiPort(RemoteBmc bmc, ILogger logger, LanTiming? timing = null, TimeProvider? time = null)
    {
        _bmc = bmc;
        _logger = logger;
        _timing = timing ?? new LanTiming();
        _time = time ?? TimeProvider.System;
        Description = Describe(bmc);
    }

    /// <inheritdoc/>
    public string Name => _bmc.Name;

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int Concurrency => InFlight;

    /// <summary>What the open session agreed on; null while there is none.</summary>
    public string? SessionKind
    {
        get
        {
            lock (_lock)
            {
                return _session?.Kind;
            }
        }
    }

    private string Who => $"BMC '{_bmc.Name}' ({_bmc.Host}:{_bmc.Port})";

    /// <inheritdoc/>
    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        if (request.Data.Length > MaxData)
        {
            throw new HardwareException(HardwareFault.Unsupported, $"{Who}: {request.Data.Length} bytes of data are more than a LAN message takes ({MaxData}).");
        }

        if (!await _slots.WaitAsync(_timing.Total, cancellationToken))
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{Who} is so slow that a command waited {_timing.Total.TotalSeconds:0.#} s for its turn.");
        }

        try
        {
            return await SendInTurnAsync(request, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Closes the session and ends what is in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        LanSession? session;
        Task<Opening>? opening;
        Task closing;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            session = _session;
            opening = _opening;
            closing = _closing;
            _session = null;
        }

        await _stop.CancelAsync();
        if (opening is not null)
        {
            Opening result = await opening;
            session ??= result.Session;
        }

        if (session is not null)
        {
            await session.DisposeAsync();
        }

        await closing;
        _stop.Dispose();
    }

    /// <summary>What the port of a BMC is attached to, for people.</summary>
    internal static string Describe(RemoteBmc bmc) => $"RMCP+ {bmc.Host}:{bmc.Port}";

    /// <summary>Name of a privilege level (IPMI 2.0 §6.8).</summary>
    internal static string PrivilegeName(byte privilege) => privilege switch
    {
        1 => "CALLBACK",
        2 => "USER",
        3 => "OPERATOR",
        4 => "ADMINISTRATOR",
        5 => "OEM",
        _ => $"privilege {privilege}",
    };

    private async ValueTask<IpmiResponse> SendInTurnAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        for (bool again = true; ; again = false)
        {
            LanSession session = await SessionAsync(start, cancellationToken);
            byte privilege = session.Privilege;
            LanAnswer answer = await session.SendAsync(request, Left(start), cancellationToken);
            if (answer.Outcome is LanOutcome.Answered or LanOutcome.NotBridged && answer.Response.CompletionCode == IpmiCommands.InsufficientPrivilege)
            {
                return await RaisedAsync(session, privilege, request, answer.Response, start, cancellationToken);
            }

            if (answer.Outcome == LanOutcome.Answered)
            {
                return answer.Response;
            }

            if (answer.Outcome is LanOutcome.Silent or LanOutcome.Closed)
            {
                Drop(session);
                if (again && Left(start) > TimeSpan.Zero && IpmiCommands.MayRepeat(request))
                {
                    continue;
                }
            }

            throw Failure(request, answer);
        }
    }

    // Most commands need no more than USER; only one that is refused for want of privilege raises the session's, and is then sent once more.
    private async ValueTask<IpmiResponse> RaisedAsync(
        LanSession session, byte privilege, IpmiRequest request, IpmiResponse response, long start, CancellationToken cancellationToken)
    {
        if (!await session.TryRaisePrivilegeAsync(privilege, Left(start), cancellationToken))
        {
            return response;
        }

        LanAnswer answer = await session.SendAsync(request, Left(start), cancellationToken);
        return answer.Outcome == LanOutcome.Answered ? answer.Response : throw Failure(request, answer);
    }

    private async ValueTask<LanSession> SessionAsync(long start, CancellationToken cancellationToken)
    {
        Task<Opening> opening;
        lock (_lock)
        {
            if (_disposed)
            {
                throw new HardwareException(HardwareFault.Unavailable, $"{Who}: the port is closed.");
            }

            if (_session is { IsLost: false } session)
            {
                return session;
            }

            if (_opening is null)
            {
                if (_failure is not null && _time.GetElapsedTime(_failedAt) < _backOff)
                {
                    throw new HardwareException(_failure.Fault, _failure.Message, _failure);
                }

                _opening = Task.Run(OpenAsync, CancellationToken.None);
            }

            opening = _opening;
        }

        try
        {
            Opening result = await opening.WaitAsync(Left(start) + _timing.Try, _time, cancellationToken);
            return result.Session ?? throw new HardwareException(result.Failure!.Fault, result.Failure.Message, result.Failure);
        }
        catch (TimeoutException e)
        {
            throw new HardwareException(HardwareFault.TimedOut, $"{Who}: no session could be opened within {_timing.Total.TotalSeconds:0.#} s.", e);
        }
    }

    // One attempt for everybody who waits; it belongs to the port, so that no caller's cancellation ends it for the others.
    private async Task<Opening> OpenAsync()
    {
        LanSession? lost;
        lock (_lock)
        {
            lost = _session;
            _session = null;
        }

        if (lost is not null)
        {
            await lost.DisposeAsync();
        }

        Opening result = await TryOpenAsync();
        lock (_lock)
        {
            _opening = null;
            _session = _disposed ? null : result.Session;
            if (result.Failure is { } failure)
            {
                _backOff = _failure is null ? _timing.BackOff : TimeSpan.FromTicks(Math.Min(_backOff.Ticks * 2, _timing.MaxBackOff.Ticks));
                _failedAt = _time.GetTimestamp();
                if (_failure?.Message != failure.Message)
                {
                    LogFailed(failure.Message);
                }
            }

            _failure = result.Failure;
        }

        return result;
    }

    private async Task<Opening> TryOpenAsync()
    {
        try
        {
            LanSession session = await new LanSessionOpener(_bmc, _hadRmcpPlus, _timing, _time).OpenAsync(_stop.Token);
            _hadRmcpPlus |= session.IsRmcpPlus;
            LogOpened(Who, session.Kind);
            return new Opening(session, null);
        }
        catch (HardwareException e)
        {
            return new Opening(null, e);
        }
        catch (OperationCanceledException e)
        {
            return new Opening(null, new HardwareException(HardwareFault.Unavailable, $"{Who}: the port was closed.", e));
        }
        catch (Exception e)
        {
            LogDefect(Who, e);
            return new Opening(null, new HardwareException(HardwareFault.Unavailable, $"{Who}: no session could be opened: {e.Message}", e));
        }
    }

    private void Drop(LanSession session)
    {
        lock (_lock)
        {
            if (_session != session || _disposed)
            {
                return;
            }

            _session = null;
            _closing = Task.WhenAll(_closing, session.AbandonAsync());
        }

        LogLost(Who);
    }

    private TimeSpan Left(long start)
    {
        TimeSpan left = _timing.Total - _time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private HardwareException Failure(IpmiRequest request, LanAnswer answer)
    {
        string command = $"command {request.NetFn:X2}h/{request.Command:X2}h";
        if (answer.Outcome == LanOutcome.NotBridged)
        {
            string why = answer.Response.CompletionCode == IpmiCommands.NotAcknowledged ? "no controller took it there" : $"Send Message ended with {answer.Response.CompletionCode:X2}h";
            return new HardwareException(HardwareFault.Unavailable, $"{Who} could not bridge {command} to {request.Target:X2}h on channel {request.Channel}: {why}.");
        }

        string unknown = IpmiCommands.MayRepeat(request) ? string.Empty : " It is not known whether the command was carried out.";
        return answer.Outcome switch
        {
            LanOutcome.Malformed => new HardwareException(HardwareFault.Malformed, $"{Who} answered {command} only with packets that break the protocol.{unknown}"),
            LanOutcome.Closed => new HardwareException(HardwareFault.Unavailable, $"{Who}: the session was closed while {command} was in flight.{unknown}"),
            _ when request.IsBridged => new HardwareException(HardwareFault.TimedOut, $"{Who}: the controller at {request.Target:X2}h on channel {request.Channel} did not answer {command} within {_timing.Total.TotalSeconds:0.#} s.{unknown}"),
            _ => new HardwareException(HardwareFault.TimedOut, $"{Who} did not answer {command} within {_timing.Total.TotalSeconds:0.#} s.{unknown}"),
        };
    }

    [LoggerMessage(4101, LogLevel.Information, "{Bmc}: session open ({Kind}).")]
    private partial void LogOpened(string bmc, string kind);

    [LoggerMessage(4102, LogLevel.Warning, "{Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(4103, LogLevel.Warning, "{Bmc} does not answer in its session any more; a new one is opened.")]
    private partial void LogLost(string bmc);

    [LoggerMessage(4104, LogLevel.Error, "{Bmc}: opening a session failed for a reason that was not foreseen.")]
    private partial void LogDefect(string bmc, Exception exception);

    private sealed record Opening(LanSession? Session, HardwareException? Failure);
}
