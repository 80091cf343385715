using System.Text.Json;

namespace CimHost.Commands;

/// <summary>A JSON array that is written while its items arrive; a failure in between leaves it complete with what came before.</summary>
internal sealed class JsonList(TextWriter output)
{
    private int _count;

    /// <summary>Writes all items.</summary>
    public static async Task WriteAsync<T>(TextWriter output, IAsyncEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        var list = new JsonList(output);
        try
        {
            await foreach (T item in items)
            {
                await list.AddAsync(JsonText.Write(json => write(json, item)));
            }
        }
        finally
        {
            await list.EndAsync();
        }
    }

    private Task AddAsync(string item) => output.WriteAsync((_count++ == 0 ? "[\n" : ",\n") + item);

    private Task EndAsync() => output.WriteAsync(_count == 0 ? "[]\n" : "\n]\n");
}
