using System.CommandLine;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.Commands;

/// <summary><c>cimhost invoke</c>.</summary>
internal static class InvokeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var path = new Argument<string>("PATH") { Description = "Path of the instance, or a class for a static method." };
        var method = new Argument<string>("METHOD") { Description = "Method." };
        var parameters = new Argument<string[]>("NAME=VALUE") { Description = "Parameters; a name given several times makes an array. Embedded objects cannot be given here.", Arity = ArgumentArity.ZeroOrMore };
        Command command = client.AddTo(new Command("invoke", "Invoke a method.\nExample: cimhost invoke 'CIM_RecordLog.InstanceID=\"SEL\"' ClearLog"));
        command.Add(path);
        command.Add(method);
        command.Add(parameters);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => RunAsync(context, parsed.GetRequiredValue(path), parsed.GetRequiredValue(method), parsed.GetValue(parameters) ?? [], cancel), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string text, string methodName, string[] given, CancellationToken cancellationToken)
    {
        CimObjectPath path = CommandContext.Path(text);
        string ns = context.NamespaceOf(path);
        CimClass cimClass = await context.Session.GetClassAsync(ns, path.ClassName, cancellationToken);
        CimMethodDeclaration method = cimClass.CimClassMethods[methodName]
            ?? throw new CimException(CimStatusCode.MethodNotFound, $"Class {cimClass.ClassName} has no method {methodName}; it has {(cimClass.CimClassMethods.Count == 0 ? "none" : string.Join(", ", cimClass.CimClassMethods.Select(m => m.Name)))}.");
        CimMethodResult result = await context.Session.InvokeMethodAsync(ns, path, method.Name, Bind(method, given), cancellationToken);
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonText.Write(json => JsonText.Write(json, result)));
            return ExitCode.Success;
        }

        await context.Output.WriteLineAsync($"ReturnValue = {CellText.Of(result.ReturnValue)}{Meaning(method.Qualifiers, result.ReturnValue)}");
        foreach (CimMethodParameter parameter in result.OutParameters)
        {
            string meaning = method.Parameters[parameter.Name] is { } declaration ? Meaning(declaration.Qualifiers, parameter.Value) : string.Empty;
            await context.Output.WriteLineAsync($"{parameter.Name} = {CellText.Of(parameter.Value)}{meaning}");
        }

        return ExitCode.Success;
    }

    /// <summary>The parameters of the command line in the types that the method declares.</summary>
    /// <exception cref="UsageException">A parameter is unknown, or its value does not fit.</exception>
    public static CimNamedList<CimMethodParameter> Bind(CimMethodDeclaration method, IEnumerable<string> given)
    {
        var values = new List<(CimParameterDeclaration Declaration, List<string> Texts)>();
        foreach (string item in given)
        {
            int equal = item.IndexOf('=', StringComparison.Ordinal);
            string name = equal < 0 ? item : item[..equal];
            CimParameterDeclaration declaration = method.Parameters[name]
                ?? throw new UsageException($"Method {method.Name} has no parameter {name}; it has {(method.Parameters.Count == 0 ? "none" : string.Join(", ", method.Parameters.Select(p => p.Name)))}.");
            if (equal < 0)
            {
                throw new UsageException($"'{item}': expected {declaration.Name}=VALUE.");
            }

            int index = values.FindIndex(v => v.Declaration == declaration);
            if (index < 0)
            {
                values.Add((declaration, [item[(equal + 1)..]]));
            }
            else if (declaration.CimType.IsArray())
            {
                values[index].Texts.Add(item[(equal + 1)..]);
            }
            else
            {
                throw new UsageException($"Parameter {declaration.Name} is given twice and is no array.");
            }
        }

        return new CimNamedList<CimMethodParameter>(values.Select(v => new CimMethodParameter(v.Declaration.Name, v.Declaration.CimType, Value(v.Declaration, v.Texts))));
    }

    private static CimValue Value(CimParameterDeclaration declaration, List<string> texts)
    {
        CimType type = declaration.CimType.ElementType();
        CimValue[] elements = [.. texts.Select(t => Scalar(declaration, type, t))];
        return declaration.CimType.IsArray() ? CimValue.FromElements(type, elements) : elements[0];
    }

    private static CimValue Scalar(CimParameterDeclaration declaration, CimType type, string text)
    {
        if (type == CimType.Reference)
        {
            return CommandContext.Path(text);
        }

        if (type == CimType.Instance)
        {
            throw new UsageException($"Parameter {declaration.Name} is an embedded object, which cannot be given on the command line.");
        }

        return CimValue.TryParse(type, text, out CimValue value)
            ? value
            : throw new UsageException($"Parameter {declaration.Name} = '{text}': expected {type.ElementName()}.");
    }

    // What a number means by ValueMap and Values (DSP0004 §5.6.3.50), in brackets.
    private static string Meaning(CimNamedList<CimQualifier> qualifiers, CimValue value)
    {
        CimValue map = qualifiers["ValueMap"]?.Value ?? default, texts = qualifiers["Values"]?.Value ?? default;
        string shown = value.ToString();
        int index = value.IsNull || !map.IsArray ? -1 : Array.FindIndex(Enumerable.Range(0, map.Count).ToArray(), i => map[i].AsString() == shown);
        return index >= 0 && index < texts.Count ? $" ({CellText.Of(texts[index])})" : string.Empty;
    }
}
