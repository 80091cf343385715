using Spectre.Console;

namespace CimHost.Commands;

/// <summary>A plain table: a line of names, then lines of cells. Cells that the output has no room for are broken over lines.</summary>
internal sealed class TextTable
{
    private readonly Table _table = new() { Border = TableBorder.Simple, UseSafeBorder = true };

    /// <summary>A table with these columns.</summary>
    /// <param name="columns">Names; one that starts with '>' is aligned right.</param>
    public TextTable(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            var added = new TableColumn(new Text(column.TrimStart('>'), new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 1, 0) };
            _table.AddColumn(column.StartsWith('>') ? added.RightAligned() : added);
        }
    }

    /// <summary>Adds a row of plain texts.</summary>
    public void Add(params ReadOnlySpan<string> cells) => Add(cells, Color.Default);

    /// <summary>Adds a row of plain texts in a colour.</summary>
    public void Add(ReadOnlySpan<string> cells, Color color)
    {
        var texts = new Text[cells.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = new Text(cells[i], new Style(color));
        }

        _table.AddRow(texts);
    }

    /// <summary>Writes the table, without blanks at the ends of lines where the output is no terminal.</summary>
    public void Write(IAnsiConsole console)
    {
        if (console.Profile.Capabilities.Ansi)
        {
            console.Write(_table);
            return;
        }

        using var text = new StringWriter();
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        plain.Profile.Width = console.Profile.Width;
        plain.Profile.Capabilities.Unicode = console.Profile.Capabilities.Unicode;
        plain.Write(_table);
        foreach (string line in text.ToString().Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
        {
            console.Profile.Out.Writer.WriteLine(line);
        }
    }
}
