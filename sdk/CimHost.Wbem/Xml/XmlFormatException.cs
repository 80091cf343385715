namespace CimHost.Wbem.Xml;

/// <summary>A text is no acceptable XML, or not the elements that were expected.</summary>
public sealed class XmlFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public XmlFormatException(string message, int line, int column, bool isWellFormed = false)
        : base($"{message} (line {line}, column {column})")
    {
        Line = line;
        Column = column;
        IsWellFormed = isWellFormed;
    }

    /// <summary>Line from 1.</summary>
    public int Line { get; }

    /// <summary>Byte in the line from 1.</summary>
    public int Column { get; }

    /// <summary>True when the text is XML as far as it was read and only its elements are not those expected.</summary>
    public bool IsWellFormed { get; }
}
