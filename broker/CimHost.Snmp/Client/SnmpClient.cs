using System.Net.Sockets;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Security;

namespace CimHost.Snmp.Client;

/// <summary>Asks another engine, one request at a time.</summary>
public sealed class SnmpClient : IDisposable
{
    // Engine, then time; and once more if the engine starts anew in between.
    private const int MaxLearned = 4;
    private const int Tries = 3;

    private readonly PeerAddress _address;
    private readonly SnmpConnection _connection;
    private readonly IMessageModel _model;
    private readonly TimeSpan _timeout;
    private readonly int _tries;
    private readonly BerBuffer _buffer = new(SnmpConnection.MaxMessage);
    private readonly Pdu _answer = new();
    private int _requestId = Random.Shared.Next(1, int.MaxValue / 2);

    internal SnmpClient(PeerAddress address, SnmpConnection connection, IMessageModel model, TimeSpan timeout, int tries)
    {
        (_address, _connection, _model, _timeout, _tries) = (address, connection, model, timeout, tries);
    }

    /// <summary>A client with a community.</summary>
    /// <param name="address">Where the agent is.</param>
    /// <param name="version">SNMPv1 or SNMPv2c.</param>
    /// <param name="community">The community.</param>
    /// <param name="timeout">How long to wait for an answer before the request is sent again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FormatException">The community is none.</exception>
    /// <exception cref="IOException">The address cannot be reached.</exception>
    public static async Task<SnmpClient> ConnectAsync(PeerAddress address, SnmpVersion version, string community, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var model = new CommunityModel(version, community);
        return new SnmpClient(address, await SnmpConnection.ConnectAsync(address, cancellationToken), model, timeout, Tries);
    }

    /// <summary>A client as a user of SNMPv3, at the highest security level that its protocols give.</summary>
    /// <param name="address">Where the agent is.</param>
    /// <param name="user">Name.</param>
    /// <param name="authentication">Authentication protocol and password; null without.</param>
    /// <param name="privacy">Privacy protocol and password; null without.</param>
    /// <param name="timeout">How long to wait for an answer before the request is sent again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FormatException">Name, protocols and passwords do not go together; the message says why, without a password.</exception>
    /// <exception cref="IOException">The address cannot be reached.</exception>
    public static async Task<SnmpClient> ConnectAsync(
        PeerAddress address, string user, (AuthenticationProtocol Protocol, string? Password) authentication, (PrivacyProtocol Protocol, string? Password) privacy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var model = new UserModel(UserCredentials.FromPasswords(user, authentication.Protocol, authentication.Password, privacy.Protocol, privacy.Password), TimeProvider.System);
        return new SnmpClient(address, await SnmpConnection.ConnectAsync(address, cancellationToken), model, timeout, Tries);
    }

    /// <summary>Version of the messages.</summary>
    public SnmpVersion Version => _model.Version;

    /// <summary>GET.</summary>
    /// <exception cref="IOException">There was no answer, or the agent refused; the message says why.</exception>
    public Task<(SnmpErrorStatus Status, int Index, IReadOnlyList<VarBind> Variables)> GetAsync(IReadOnlyList<Oid> names, CancellationToken cancellationToken) =>
        RequestAsync(PduType.Get, 0, 0, [.. names.Select(n => new VarBind(n, SnmpValue.Null))], cancellationToken);

    /// <summary>GETNEXT, or with SNMPv2c and v3 GETBULK.</summary>
    /// <param name="after">Name after which variables are asked for.</param>
    /// <param name="count">How many at most; 1: GETNEXT.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">There was no answer, or the agent refused; the message says why.</exception>
    public Task<(SnmpErrorStatus Status, int Index, IReadOnlyList<VarBind> Variables)> GetNextAsync(Oid after, int count, CancellationToken cancellationToken) =>
        RequestAsync(count == 1 ? PduType.GetNext : PduType.GetBulk, 0, count == 1 ? 0 : count, [new VarBind(after, SnmpValue.Null)], cancellationToken);

    /// <summary>SET.</summary>
    /// <exception cref="IOException">There was no answer, or the agent refused; the message says why.</exception>
    public Task<(SnmpErrorStatus Status, int Index, IReadOnlyList<VarBind> Variables)> SetAsync(IReadOnlyList<VarBind> variables, CancellationToken cancellationToken) =>
        RequestAsync(PduType.Set, 0, 0, variables, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    /// <summary>Appends variables.</summary>
    internal static void Append(BerBuffer buffer, IReadOnlyList<VarBind> variables)
    {
        foreach (VarBind variable in variables)
        {
            if (!buffer.TryAppend(variable.Name, variable.Value, int.MaxValue))
            {
                throw new IOException("The request is too large.");
            }
        }
    }

    /// <summary>Sends a request until it is answered or was sent as often as it may be.</summary>
    internal async Task<(SnmpErrorStatus Status, int Index, IReadOnlyList<VarBind> Variables)> RequestAsync(
        PduType type, int status, int index, IReadOnlyList<VarBind> variables, CancellationToken cancellationToken)
    {
        int requestId = ++_requestId;
        try
        {
            for (int attempt = 0, learned = 0; attempt < _tries; attempt++)
            {
                Reception reception;
                do
                {
                    _buffer.Clear();
                    _model.Write(_buffer, type, requestId, status, index, variables);
                    await _connection.SendAsync(_buffer.Written, cancellationToken);
                    reception = await ReceiveAsync(requestId, cancellationToken);
                }
                while (reception == Reception.Learned && ++learned <= MaxLearned);

                if (reception == Reception.Answer)
                {
                    return ((SnmpErrorStatus)_answer.ErrorStatus, _answer.ErrorIndex, [.. _answer.Variables]);
                }
            }
        }
        catch (SocketException e)
        {
            throw new IOException($"{_address}: {e.Message}", e);
        }

        throw new IOException($"{_address} does not answer: nobody listens there, or community or user are not accepted");
    }

    // Waits for the one answer; what else comes in meanwhile is passed over and does not make the wait longer.
    private async Task<Reception> ReceiveAsync(int requestId, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> message = await _connection.ReceiveAsync(limit.Token);
                Reception reception = _model.Read(message.Span, requestId, _answer, out string reason);
                if (reception == Reception.Refused)
                {
                    throw new IOException($"{_address} refuses: {reason}");
                }

                if (reception != Reception.Ignored)
                {
                    return reception;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Reception.Ignored;
        }
    }
}
