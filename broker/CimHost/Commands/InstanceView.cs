using CimHost.Sdk.Cim;
using Spectre.Console;

namespace CimHost.Commands;

/// <summary>
/// Instances for people: a table with a column for every property that has a value, or, where that is wider than the output, one block of
/// lines for each instance. Large results come in several tables, so that nothing is kept longer than a table needs.
/// </summary>
internal static class InstanceView
{
    private const int RowsPerTable = 500;
    private const int WidestCell = 60;

    /// <summary>Shows instances as JSON or as tables, while they arrive.</summary>
    public static async Task ShowAsync(CommandContext context, IAsyncEnumerable<CimInstance> instances)
    {
        if (context.Json)
        {
            await JsonList.WriteAsync(context.Output, instances, JsonText.Write);
            return;
        }

        var rows = new List<CimInstance>();
        try
        {
            await foreach (CimInstance instance in instances)
            {
                rows.Add(instance);
                if (rows.Count == RowsPerTable)
                {
                    Show(context.Console, rows);
                    rows.Clear();
                }
            }
        }
        finally
        {
            // Before the failure is told, what came before it is shown.
            Show(context.Console, rows);
        }
    }

    /// <summary>Shows paths as JSON or one on a line, while they arrive.</summary>
    public static async Task ShowAsync(CommandContext context, IAsyncEnumerable<CimObjectPath> paths)
    {
        if (context.Json)
        {
            await JsonList.WriteAsync(context.Output, paths, static (json, path) => json.WriteStringValue(path.ToString()));
            return;
        }

        await foreach (CimObjectPath path in paths)
        {
            await context.Output.WriteLineAsync(CellText.Printable(path.ToString()));
        }
    }

    /// <summary>Shows one instance, property by property, NULL ones too.</summary>
    public static void ShowBlock(IAnsiConsole console, CimInstance instance, bool withNulls)
    {
        List<(string Name, string Value)> lines = [.. instance.CimInstanceProperties.Where(p => withNulls || !p.CimValue.IsNull).Select(p => (p.Name, CellText.Of(p.CimValue)))];
        WriteLine(console, CellText.Printable(instance.Path?.ToString() ?? instance.ClassName), new Style(decoration: Decoration.Bold));
        int width = lines.Count == 0 ? 0 : lines.Max(l => l.Name.Length);
        foreach ((string name, string value) in lines)
        {
            WriteLine(console, $"  {name.PadRight(width)}  {value}".TrimEnd(), Style.Plain);
        }
    }

    private static void Show(IAnsiConsole console, List<CimInstance> instances)
    {
        if (instances.Count == 0)
        {
            return;
        }

        List<string> columns = [.. instances
            .SelectMany(i => i.CimInstanceProperties.Where(p => !p.CimValue.IsNull).Select(p => p.Name))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        string[][] cells = [.. instances.Select(i => columns.Select(c => i.TryGetValue(c, out CimValue value) ? CellText.Of(value) : string.Empty).ToArray())];
        int[] widths = [.. columns.Select((c, i) => Math.Max(c.Length, cells.Max(row => row[i].Length)))];
        if (columns.Count == 0 || widths.Any(w => w > WidestCell) || widths.Sum(w => w + 2) > console.Profile.Width)
        {
            foreach (CimInstance instance in instances)
            {
                ShowBlock(console, instance, withNulls: false);
                console.WriteLine();
            }

            return;
        }

        TextTable table = new([.. columns]);
        foreach (string[] row in cells)
        {
            table.Add(row);
        }

        table.Write(console);
    }

    // Not console.Write: it would break long lines, which then cannot be searched and copied.
    private static void WriteLine(IAnsiConsole console, string line, Style style)
    {
        if (console.Profile.Capabilities.Ansi && style.Decoration != Decoration.None)
        {
            console.WriteLine(line, style);
        }
        else
        {
            console.Profile.Out.Writer.WriteLine(line);
        }
    }
}
