using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CimHost.Admin;
using CimHost.Snmp;
using CimHost.Snmp.Client;

namespace CimHost.Commands.Snmp;

/// <summary><c>cimhost snmp</c>.</summary>
internal static class SnmpCommand
{
    private const string Prefix = SnmpEndpoint.Prefix;
    private const int Repetitions = 25;
    private static readonly string[] s_columns = ["Name", "Type", "Value"];

    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("snmp", "Read and set SNMP variables, try the notifications, and make keys for users.")
    {
        Get(client),
        Walk(client),
        Set(client),
        Shown(
            client, "test", "Send a warmStart to every target, and to the AgentX master, and tell what came back.", SnmpJson.Default.ListTargetResult,
            ["Target", "Address", "Kind", "Result"], r => [[r.Target, r.Address, r.Kind, r.Result]]),
        Shown(
            client, "targets", "Show what the targets got of the agent itself (starts, wrong communities), and why not; cimhost alerts receivers shows the alerts.", SnmpJson.Default.ListTargetState,
            ["Target", "Address", "Kind", "Sent", "Failure", "At"],
            t => [[t.Target, t.Address, t.Kind, t.Sent.ToString(CultureInfo.InvariantCulture), t.Failure, t.FailedAt?.ToString("u", CultureInfo.InvariantCulture) ?? string.Empty]]),
        SnmpHashCommand.Create(),
        Shown(
            client, "users", "Show the users of SNMPv3; keys are not shown.", SnmpJson.Default.ListSnmpUserFacts, ["Name", "Authentication", "Privacy", "Level", "Access", "Subtrees"],
            u => [[u.Name, u.Authentication.ToString(), u.Privacy.ToString(), u.Level.ToString(), u.Access.ToString(), u.Subtrees.Count == 0 ? "all" : string.Join(", ", u.Subtrees)]]),
        Shown(
            client, "agentx", "Show whether the AgentX master is connected, since when, and which subtrees it has registered.", SnmpJson.Default.ListAgentXStatus, ["What", "State", "Since"],
            s => [[s.Address, s.IsConnected ? "connected" : s.Reason, s.Since.ToString("u", CultureInfo.InvariantCulture)], .. s.Registrations.Select(r => new[] { r.Subtree, r.Result, string.Empty })]),
    };

    private static Command Get(ClientOptions client)
    {
        var names = new Argument<string[]>("OID") { Description = "Variables, in dotted decimal.", Arity = ArgumentArity.OneOrMore };
        return Variables(client, "get", "Read variables.\nExample: cimhost snmp get 1.3.6.1.2.1.1.1.0", [names], parsed =>
        {
            Oid[] oids = Oids(parsed.GetValue(names)!);
            return (
                (host, cancel) => ListAsync(host, "get", new SnmpRequest(Names: Texts(oids)), cancel),
                async (agent, cancel) => Checked(oids, await agent.GetAsync(oids, cancel)));
        });
    }

    private static Command Walk(ClientOptions client)
    {
        var name = new Argument<string>("OID") { Description = "Subtree, in dotted decimal.", DefaultValueFactory = static _ => "1.3.6.1" };
        return Variables(client, "walk", "Read all variables of a subtree.\nExample: cimhost snmp walk 1.3.6.1.2.1.99", [name], parsed =>
        {
            Oid root = Oids([parsed.GetValue(name)!])[0];
            return ((host, cancel) => WalkAsync(host, root, cancel), (agent, cancel) => WalkAsync(agent, root, cancel));
        });
    }

    private static Command Set(ClientOptions client)
    {
        var name = new Argument<string>("OID") { Description = "Variable, in dotted decimal." };
        var type = new Argument<string>("TYPE") { Description = SnmpText.Types + "." };
        var value = new Argument<string>("VALUE") { Description = "Its value." };
        return Variables(client, "set", "Set a variable.\nExample: cimhost snmp set 1.3.6.1.2.1.1.4.0 s operator@example.net", [name, type, value], parsed =>
        {
            Oid[] oids = Oids([parsed.GetValue(name)!]);
            VarBind[] wanted = [new(oids[0], Value(parsed.GetValue(type)!, parsed.GetValue(value)!))];
            return (
                (host, cancel) => ListAsync(host, "set", new SnmpRequest(Texts(oids), [parsed.GetValue(type)!], [parsed.GetValue(value)!]), cancel),
                async (agent, cancel) => Checked(oids, await agent.SetAsync(wanted, cancel)));
        });
    }

    // A command that asks this host, or with --agent any agent by SNMP: what it does for either is read from its arguments.
    private static Command Variables(
        ClientOptions client,
        string name,
        string description,
        IReadOnlyList<Argument> arguments,
        Func<ParseResult, (Func<CommandContext, CancellationToken, Task<int>> Host, Func<SnmpClient, CancellationToken, Task<IReadOnlyList<VarBind>>> Agent)> read)
    {
        var agent = new SnmpAgentOptions();
        Command command = agent.AddTo(client.AddTo(new Command(name, description), hasNamespace: false));
        foreach (Argument argument in arguments)
        {
            command.Add(argument);
        }

        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            async (context, cancel) =>
            {
                (Func<CommandContext, CancellationToken, Task<int>> host, Func<SnmpClient, CancellationToken, Task<IReadOnlyList<VarBind>>> ask) = read(parsed);
                return agent.IsGiven(parsed) ? await AskAsync(context, agent, c => ask(c, cancel), cancel) : await host(context, cancel);
            },
            token));
        return command;
    }

    // A command that shows what the host tells.
    private static Command Shown<T>(ClientOptions client, string name, string description, JsonTypeInfo<List<T>> type, string[] columns, Func<T, IEnumerable<string[]>> rows)
    {
        Command command = client.AddTo(new Command(name, description), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => AdminCalls.ListAsync(context, Prefix + name, Json(new SnmpRequest()), type, columns, rows, cancel), token));
        return command;
    }

    private static Task<int> ListAsync(CommandContext context, string command, SnmpRequest request, CancellationToken cancellationToken) =>
        AdminCalls.ListAsync(context, Prefix + command, Json(request), SnmpJson.Default.ListSnmpVariable, s_columns, v => [v.Name, v.Type, v.Value], cancellationToken);

    // The host answers in parts; each goes on after the last name of the one before.
    private static async Task<int> WalkAsync(CommandContext context, Oid root, CancellationToken cancellationToken)
    {
        var all = new List<SnmpVariable>();
        while (true)
        {
            var request = new SnmpRequest(Texts([root]), After: all.Count > 0 ? all[^1].Name : null);
            (HttpStatusCode status, string text) = await AdminCalls.PostAsync(context, Prefix + "walk", Json(request), cancellationToken);
            if (status != HttpStatusCode.OK)
            {
                return await AdminCalls.FailAsync(context, status, text);
            }

            List<SnmpVariable> part = AdminCalls.Read(context, text, SnmpJson.Default.ListSnmpVariable);
            all.AddRange(part);
            if (part.Count < SnmpEndpoint.MaxVariables)
            {
                return await ShowAsync(context, all);
            }
        }
    }

    private static async Task<IReadOnlyList<VarBind>> WalkAsync(SnmpClient client, Oid root, CancellationToken cancellationToken)
    {
        var all = new List<VarBind>();
        Oid at = root;
        while (true)
        {
            (SnmpErrorStatus status, _, IReadOnlyList<VarBind> part) = await client.GetNextAsync(at, client.Version == SnmpVersion.V1 ? 1 : Repetitions, cancellationToken);
            if (status != SnmpErrorStatus.NoError || part.Count == 0)
            {
                return status is SnmpErrorStatus.NoError or SnmpErrorStatus.NoSuchName ? all : throw new IOException($"The agent answers with {status}.");
            }

            foreach (VarBind variable in part)
            {
                if (!variable.Name.StartsWith(root) || variable.Value.Type == SnmpType.EndOfMibView)
                {
                    return all;
                }

                at = variable.Name > at ? variable.Name : throw new IOException($"The agent does not walk in order: {variable.Name} came after {at}.");
                all.Add(variable);
            }
        }
    }

    private static async Task<int> AskAsync(CommandContext context, SnmpAgentOptions agent, Func<SnmpClient, Task<IReadOnlyList<VarBind>>> ask, CancellationToken cancellationToken)
    {
        using SnmpClient client = await agent.ConnectAsync(context.Parsed, cancellationToken);
        IReadOnlyList<VarBind> variables = await ask(client);
        return await ShowAsync(context, [.. variables.Select(v => new SnmpVariable(v.Name.ToString(), v.Value.Type.ToString(), SnmpText.Format(v.Value)))]);
    }

    private static async Task<int> ShowAsync(CommandContext context, List<SnmpVariable> variables)
    {
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(variables, SnmpJson.Default.ListSnmpVariable));
            return ExitCode.Success;
        }

        var table = new TextTable(s_columns);
        foreach (SnmpVariable variable in variables)
        {
            table.Add(variable.Name, variable.Type, CellText.Printable(variable.Value));
        }

        table.Write(context.Console);
        return ExitCode.Success;
    }

    private static IReadOnlyList<VarBind> Checked(Oid[] names, (SnmpErrorStatus Status, int Index, IReadOnlyList<VarBind> Variables) answer) => answer.Status == SnmpErrorStatus.NoError
        ? answer.Variables
        : throw new IOException($"The agent answers with {answer.Status}{(answer.Index > 0 && answer.Index <= names.Length ? $" for {names[answer.Index - 1]}" : string.Empty)}.");

    private static Oid[] Oids(string[] texts) => [.. texts.Select(t => Oid.TryParse(t, out Oid oid) ? oid : throw new UsageException($"'{t}' is no object identifier in dotted decimal, such as 1.3.6.1.2.1.1.1.0."))];

    private static SnmpValue Value(string type, string text)
    {
        try
        {
            return SnmpText.Parse(type, text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message}.");
        }
    }

    private static List<string> Texts(Oid[] oids) => [.. oids.Select(o => o.ToString())];

    private static byte[] Json(SnmpRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, SnmpJson.Default.SnmpRequest);
}
