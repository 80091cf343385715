using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Mof;

namespace CimHost.Commands;

/// <summary><c>cimhost mof compile</c> and <c>cimhost mof export</c>.</summary>
internal static class MofCommand
{
    private static readonly TimeSpan s_compileTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("mof", "Bring classes into the host, or write them out, as MOF.") { Compile(client), Export(client) };

    private static Command Compile(ClientOptions client)
    {
        var path = new Argument<string>("PATH") { Description = "A MOF file (with what it includes), a folder or a zip of MOF files; their order does not matter." };
        var check = new Option<bool>("--check") { Description = "Only compile; nothing is stored." };
        var offline = new Option<bool>("--offline") { Description = "Compile here, against nothing but the files themselves; no host is asked and nothing is stored." };
        Command command = client.AddTo(new Command(
            "compile",
            "Compile MOF into a namespace of the host. With an error nothing is changed.\nExample: cimhost mof compile schema/ --namespace root/cimv2"));
        command.Add(path);
        command.Add(check);
        command.Add(offline);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => parsed.GetValue(offline) ? CompileHereAsync(context, parsed.GetRequiredValue(path)) : CompileThereAsync(context, parsed.GetRequiredValue(path), parsed.GetValue(check), cancel),
            token));
        return command;
    }

    private static async Task<int> CompileThereAsync(CommandContext context, string path, bool checkOnly, CancellationToken cancellationToken)
    {
        byte[] zip = MofUpload.Pack(path);
        await ProgressAsync(context, $"Compiling {path} into {context.Namespace} of {context.Session.ComputerName}…");
        using var content = new ByteArrayContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        string target = $"/admin/mof?namespace={Uri.EscapeDataString(context.Namespace)}{(checkOnly ? "&check=true" : string.Empty)}";
        (HttpStatusCode status, string text) = await context.Session.PostAsync(target, content, static s => s is HttpStatusCode.UnprocessableEntity, s_compileTimeout, cancellationToken);
        return await TellAsync(context, status == HttpStatusCode.OK, text);
    }

    private static Task<int> CompileHereAsync(CommandContext context, string path)
    {
        IReadOnlyList<MofSource> sources = MofUpload.Read(path);
        MofCompilation compilation = MofCompiler.Compile(sources, new MofCompilerOptions { Namespace = context.Namespace });
        string text = string.Concat(compilation.Diagnostics.Select(d => d + "\n"))
            + string.Concat(compilation.Namespaces.Select(n => $"{n.Name}: {n.Classes.Count} classes, {n.Qualifiers.Count} qualifiers, {n.Instances.Count} instances are right ({sources.Count} files)\n"));
        return TellAsync(context, compilation.Success, text);
    }

    // Results go to the output; diagnostics of a failure are messages.
    private static async Task<int> TellAsync(CommandContext context, bool success, string text)
    {
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonText.Write(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("success", success);
                json.WriteStartArray("messages");
                foreach (string line in text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0))
                {
                    json.WriteStringValue(line);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }));
        }
        else
        {
            TextWriter writer = success ? context.Output : context.Error;
            foreach (string line in text.TrimEnd().Split('\n'))
            {
                await writer.WriteLineAsync(string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? (c == '\r' ? ' ' : '\uFFFD') : c)).TrimEnd(' '));
            }

            if (!success)
            {
                await context.Error.WriteLineAsync("cimhost: the compilation failed; nothing was changed.");
            }
        }

        return success ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task ProgressAsync(CommandContext context, string text)
    {
        if (!context.Json && !Console.IsErrorRedirected && ReferenceEquals(context.Error, Console.Error))
        {
            await context.Error.WriteLineAsync(text);
        }
    }

    private static Command Export(ClientOptions client)
    {
        var classes = new Argument<string[]>("CLASS") { Description = "Classes, each with its superclasses; none for all of the namespace.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--output", "-o") { Description = "File to write; without it, standard output.", HelpName = "FILE" };
        Command command = client.AddTo(new Command("export", "Write qualifier declarations and classes of a namespace as MOF that compiles to the same again.\nExample: cimhost mof export CIM_Fan -o fan.mof"));
        command.Add(classes);
        command.Add(file);
        command.SetAction((parsed, token) => CommandContext.RunAsync(parsed, client, (context, cancel) => ExportAsync(context, parsed.GetValue(classes) ?? [], parsed.GetValue(file), cancel), token));
        return command;
    }

    private static async Task<int> ExportAsync(CommandContext context, string[] names, string? file, CancellationToken cancellationToken)
    {
        var qualifiers = new List<CimQualifierDeclaration>();
        await foreach (CimQualifierDeclaration declaration in context.Session.EnumerateQualifiersAsync(context.Namespace, cancellationToken))
        {
            qualifiers.Add(declaration);
        }

        IReadOnlyList<CimClass> classes = names.Length == 0 ? await AllAsync(context, cancellationToken) : await NamedAsync(context, names, cancellationToken);
        if (file is null)
        {
            Write(context.Output, qualifiers, classes);
            return ExitCode.Success;
        }

        // Whole or not at all: a file with the same name stays as it is until the new one is complete.
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var writer = new StreamWriter(temporary) { NewLine = "\n" })
            {
                Write(writer, qualifiers, classes);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        await context.Output.WriteLineAsync(context.Json
            ? JsonText.Write(json =>
            {
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteNumber("classes", classes.Count);
                json.WriteNumber("qualifiers", qualifiers.Count);
                json.WriteEndObject();
            })
            : $"{classes.Count} classes and {qualifiers.Count} qualifier declarations written to {file}");
        return ExitCode.Success;
    }

    private static void Write(TextWriter writer, List<CimQualifierDeclaration> qualifiers, IReadOnlyList<CimClass> classes)
    {
        foreach (CimQualifierDeclaration declaration in qualifiers.OrderBy(q => q.Name, StringComparer.OrdinalIgnoreCase))
        {
            MofWriter.Write(writer, declaration);
        }

        foreach (CimClass cimClass in classes)
        {
            MofWriter.Write(writer, cimClass);
        }
    }

    private static async Task<IReadOnlyList<CimClass>> AllAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CimClass>(StringComparer.OrdinalIgnoreCase);
        await foreach (CimClass cimClass in context.Session.EnumerateClassesAsync(context.Namespace, null, true, new CimClassOptions { LocalOnly = true }, cancellationToken))
        {
            found[cimClass.ClassName] = cimClass;
        }

        return SuperClassesFirst(found);
    }

    private static async Task<IReadOnlyList<CimClass>> NamedAsync(CommandContext context, string[] names, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CimClass>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            for (string? next = name; next is not null && !found.ContainsKey(next);)
            {
                CimClass cimClass = await context.Session.GetClassAsync(context.Namespace, next, new CimClassOptions { LocalOnly = true }, cancellationToken);
                found[next] = cimClass;
                next = cimClass.CimSuperClassName;
            }
        }

        return SuperClassesFirst(found);
    }

    /// <summary>Classes in an order in which every superclass stands before its subclasses, by name within a generation.</summary>
    public static IReadOnlyList<CimClass> SuperClassesFirst(IReadOnlyDictionary<string, CimClass> classes)
    {
        int Depth(CimClass cimClass)
        {
            int depth = 0;
            for (CimClass? next = cimClass; depth <= classes.Count && next?.CimSuperClassName is { } name; depth++)
            {
                next = classes.GetValueOrDefault(name);
            }

            return depth;
        }

        return [.. classes.Values.OrderBy(Depth).ThenBy(c => c.ClassName, StringComparer.OrdinalIgnoreCase)];
    }
}
