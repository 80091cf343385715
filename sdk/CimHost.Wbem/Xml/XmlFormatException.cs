namespace CimHost.Wbem.Xml;

/// <summary>A text is no acceptable XML, or not the elements that were expected.</summary>
public sealed class XmlFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public XmlFormatException(string message, int line, int column)
        : base($"{message} (line {line}, column {column})")
    {
        Line = line;
        Column = column;
    }

    /// <summary>Line from 1.</summary>
    public int Line { get; }

    /// <summary>Byte in the line from 1.</summary>
    public int Column { get; }
}
