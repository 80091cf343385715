using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CimHost.Admin;
using CimHost.Wbem.Client;

namespace CimHost.Commands;

/// <summary>What commands ask of the host's management, and how they show its answers.</summary>
internal static class AdminCalls
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    /// <summary>Shows a list: the host's JSON for programs, a table for people with a row for each.</summary>
    public static Task<int> ListAsync<T>(CommandContext context, string path, byte[] body, JsonTypeInfo<List<T>> type, string[] columns, Func<T, string[]> cells, CancellationToken cancellationToken) =>
        ListAsync(context, path, body, type, columns, item => new[] { cells(item) }, cancellationToken);

    /// <summary>Shows a list: the host's JSON for programs, a table for people with one or more rows for each.</summary>
    public static async Task<int> ListAsync<T>(CommandContext context, string path, byte[] body, JsonTypeInfo<List<T>> type, string[] columns, Func<T, IEnumerable<string[]>> rows, CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string text) = await PostAsync(context, path, body, cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            return await FailAsync(context, status, text);
        }

        if (context.Json)
        {
            await context.Output.WriteLineAsync(text);
            return ExitCode.Success;
        }

        var table = new TextTable(columns);
        foreach (string[] cells in Read(context, text, type).SelectMany(rows))
        {
            table.Add([.. cells.Select(CellText.Printable)]);
        }

        table.Write(context.Console);
        return ExitCode.Success;
    }

    /// <summary>Asks for a change and tells what became of it.</summary>
    public static async Task<int> ChangeAsync(CommandContext context, string path, byte[] body, CancellationToken cancellationToken)
    {
        (HttpStatusCode status, string text) = await PostAsync(context, path, body, cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            return await FailAsync(context, status, text);
        }

        await context.Output.WriteLineAsync(context.Json ? text : CellText.Printable(Read(context, text, AccountJson.Default.AdminAnswer).Message));
        return ExitCode.Success;
    }

    /// <summary>Posts JSON and returns status and text; a refusal is an answer.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> PostAsync(CommandContext context, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return await context.Session.PostAsync(
            path, content, static s => s is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError, s_timeout, cancellationToken);
    }

    /// <summary>Tells a refusal: the host's sentence, as JSON or as plain text.</summary>
    public static async Task<int> FailAsync(CommandContext context, HttpStatusCode status, string text)
    {
        string message = status == HttpStatusCode.UnprocessableEntity ? Read(context, text, AccountJson.Default.AdminAnswer).Message : text.Trim();
        await context.Error.WriteLineAsync(context.Json ? JsonText.Error(status.ToString(), message) : $"cimhost: {CellText.Printable(message)}");
        return ExitCode.Failed;
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="CimSessionException">It is not what was expected.</exception>
    public static T Read<T>(CommandContext context, string text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new CimSessionException(CimSessionFailure.InvalidAnswer, $"{context.Session.ComputerName} gave an answer that cannot be read: {e.Message}", e);
        }
    }
}
