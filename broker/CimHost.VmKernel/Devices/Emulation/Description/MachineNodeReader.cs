using System.Text;
using System.Text.Json;

namespace CimHost.VmKernel.Devices.Emulation.Description;

/// <summary>Reads a JSON file (comments and trailing commas allowed) into <see cref="MachineNode"/>s that know their line.</summary>
internal ref struct MachineNodeReader
{
    private const int MostNodes = 100_000;
    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private long _counted;
    private int _line = 1;
    private int _nodes;

    private MachineNodeReader(string file, ReadOnlySpan<byte> bytes)
    {
        _file = file;
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="MachineFileException">It is no JSON, nested too deeply, or names a property twice.</exception>
    public static MachineNode Read(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        var reader = new MachineNodeReader(file, bytes);
        try
        {
            return reader.ReadDocument();
        }
        catch (JsonException e)
        {
            string reason = e.Message.Split(" LineNumber:", 2)[0];
            throw new MachineFileException($"{file}:{(e.LineNumber ?? 0) + 1}: $: this is no JSON: {OneLine(reason)}", e);
        }
        catch (InvalidOperationException e)
        {
            // A string with bytes that are no UTF-8, or half a surrogate pair.
            throw new MachineFileException($"{file}:{reader._line}: $: a text is not valid UTF-8.", e);
        }
    }

    private static string OneLine(string text) => new(text.Select(c => char.IsControl(c) ? ' ' : c).ToArray());

    private MachineNode ReadDocument()
    {
        _reader.Read();
        MachineNode root = ReadValue("$");
        _reader.Read();
        return root;
    }

    private MachineNode ReadValue(string path)
    {
        int line = Line();
        if (++_nodes > MostNodes)
        {
            throw new MachineFileException($"{_file}:{line}: {path}: the file has too many values; expected at most {MostNodes}.");
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(path, line);
            case JsonTokenType.StartArray:
                return ReadList(path, line);
            case JsonTokenType.String:
                return new MachineNode(_file, line, path, MachineNodeKind.Text, _reader.GetString() ?? string.Empty);
            case JsonTokenType.Number:
                return new MachineNode(_file, line, path, MachineNodeKind.Number, Encoding.UTF8.GetString(_reader.ValueSpan));
            case JsonTokenType.True:
            case JsonTokenType.False:
                return new MachineNode(_file, line, path, MachineNodeKind.Boolean, _reader.TokenType == JsonTokenType.True ? "true" : "false");
            default:
                return new MachineNode(_file, line, path, MachineNodeKind.Null, "null");
        }
    }

    private MachineNode ReadObject(string path, int line)
    {
        var node = new MachineNode(_file, line, path, MachineNodeKind.Object, string.Empty);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = _reader.GetString() ?? string.Empty;
            string memberPath = $"{path}.{OneLine(name)}";
            int memberLine = Line();
            _reader.Read();
            if (!node.Members.TryAdd(name, ReadValue(memberPath)))
            {
                throw new MachineFileException($"{_file}:{memberLine}: {memberPath}: the property is there twice.");
            }
        }

        return node;
    }

    private MachineNode ReadList(string path, int line)
    {
        var node = new MachineNode(_file, line, path, MachineNodeKind.List, string.Empty);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(ReadValue($"{path}[{node.Items.Count}]"));
        }

        return node;
    }

    /// <summary>Line of the current token, counted on from the one before.</summary>
    private int Line()
    {
        long at = _reader.TokenStartIndex;
        _line += _bytes[(int)_counted..(int)at].Count((byte)'\n');
        _counted = at;
        return _line;
    }
}
