using System.CommandLine;
using CimHost.Snmp;
using CimHost.Snmp.Client;
using CimHost.Snmp.Security;

namespace CimHost.Commands.Snmp;

/// <summary>The options of commands that can ask any agent by SNMP. Secrets come from the environment: others can read the command line.</summary>
internal sealed class SnmpAgentOptions
{
    private const string CommunityVariable = "CIMHOST_SNMP_COMMUNITY";
    private const string PasswordVariable = "CIMHOST_SNMP_PASSWORD";
    private const string PrivacyPasswordVariable = "CIMHOST_SNMP_PRIVACY_PASSWORD";
    private const int DefaultPort = 161;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly Option<string?> _agent = new("--agent")
    {
        Description = $"Asks an agent by SNMP instead of this host: ADDRESS[:PORT], tcp:ADDRESS[:PORT]. The community is read from {CommunityVariable}, passwords from {PasswordVariable} and {PrivacyPasswordVariable}.",
        HelpName = "ADDRESS",
    };

    private readonly Option<bool> _isV1 = new("--v1") { Description = "With --agent and a community: SNMPv1 instead of v2c." };
    private readonly Option<string?> _user = new("--snmp-user") { Description = "With --agent: as a user of SNMPv3.", HelpName = "NAME" };
    private readonly Option<AuthenticationProtocol> _authentication = new("--authentication") { Description = "The user's authentication protocol.", DefaultValueFactory = static _ => AuthenticationProtocol.Sha256 };
    private readonly Option<PrivacyProtocol> _privacy = new("--privacy") { Description = "The user's privacy protocol.", DefaultValueFactory = static _ => PrivacyProtocol.Aes128 };

    /// <summary>Gives a command these options.</summary>
    public Command AddTo(Command command)
    {
        foreach (Option option in new Option[] { _agent, _isV1, _user, _authentication, _privacy })
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>Whether an agent is to be asked by SNMP.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_agent) is not null;

    /// <summary>A client of the agent that is named.</summary>
    /// <exception cref="UsageException">Something is missing or wrong.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public async Task<SnmpClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            PeerAddress address = PeerAddress.Parse(parsed.GetValue(_agent)!, DefaultPort);
            if (parsed.GetValue(_user) is not { } user)
            {
                string community = Environment.GetEnvironmentVariable(CommunityVariable) ?? throw new UsageException($"Put the community into {CommunityVariable}, or name a user of SNMPv3 with --snmp-user.");
                return await SnmpClient.ConnectAsync(address, parsed.GetValue(_isV1) ? SnmpVersion.V1 : SnmpVersion.V2c, community, s_timeout, cancellationToken);
            }

            string? password = Environment.GetEnvironmentVariable(PasswordVariable);
            return await SnmpClient.ConnectAsync(
                address,
                user,
                (parsed.GetValue(_authentication), password),
                (parsed.GetValue(_privacy), Environment.GetEnvironmentVariable(PrivacyPasswordVariable) ?? password),
                s_timeout,
                cancellationToken);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message}.");
        }
    }
}
