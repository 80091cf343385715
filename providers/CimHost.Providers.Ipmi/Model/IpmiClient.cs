using System.Diagnostics.CodeAnalysis;
using CimHost.Providers.Ipmi.Wire;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>
/// Sends commands through a port with no more in flight than the port wants, whoever asks, and makes errors of answers that are none.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing to dispose.")]
internal sealed class IpmiClient(IIpmiPort port)
{
    private const int BusyRetries = 2;

    private readonly SemaphoreSlim _slots = new(Math.Max(1, port.Concurrency));

    public IIpmiPort Port => port;

    /// <summary>Commands worth having in flight at once.</summary>
    public int Concurrency { get; } = Math.Max(1, port.Concurrency);

    /// <summary>Sends a command; any completion code is an answer.</summary>
    /// <param name="request">The command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="giveUp">Asked when the command's turn has come; an exception says that the caller does not want it any more.</param>
    /// <exception cref="HardwareException">The port gave no answer, or <paramref name="giveUp"/> returned this.</exception>
    public async ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken, Func<HardwareException?>? giveUp = null)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (giveUp?.Invoke() is { } reason)
            {
                throw reason;
            }

            IpmiResponse response = await port.SendAsync(request, cancellationToken);
            for (int retry = 0; retry < BusyRetries && response.CompletionCode == CompletionCode.NodeBusy; retry++)
            {
                response = await port.SendAsync(request, cancellationToken);
            }

            return response;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Sends a command and returns its data.</summary>
    /// <exception cref="HardwareException">No answer, or a completion code other than 00h.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(IpmiRequest request, string commandName, CancellationToken cancellationToken)
    {
        IpmiResponse response = await SendAsync(request, cancellationToken);
        return response.IsSuccess ? response.Data : throw Refused(commandName, response.CompletionCode);
    }

    /// <summary>Sends a command that a controller may do without: null when it refuses it.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> TryReadAsync(IpmiRequest request, CancellationToken cancellationToken)
    {
        IpmiResponse response = await SendAsync(request, cancellationToken);

        // Not "null" alone: that would become an empty memory.
        return response.IsSuccess ? response.Data : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>The error for a completion code.</summary>
    public HardwareException Refused(string commandName, byte completionCode) => new(
        CompletionCode.IsUnknownCommand(completionCode) ? HardwareFault.Unsupported : HardwareFault.Malformed,
        $"{port.Name} refused {commandName} ({CompletionCode.Describe(completionCode)}).");

    /// <summary>The error for an answer that is too short or contradicts itself.</summary>
    public HardwareException Malformed(string commandName, int length) => new(
        HardwareFault.Malformed,
        $"{port.Name} answered {commandName} with {length} bytes that make no answer.");
}
