using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>
/// Writes the compact records in which classes, qualifier declarations and instances are stored. Integers are little-endian base-128
/// numbers, text is UTF-8 with its length before it, a length of 0 stands for null and every other length is one more than the bytes.
/// </summary>
internal sealed class RecordWriter
{
    /// <summary>First byte of every record; a change of the format changes it.</summary>
    public const byte Version = 1;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private RecordWriter() => Byte(Version);

    /// <summary>Record of a class as declared (unresolved).</summary>
    public static byte[] Class(CimClass cimClass)
    {
        var writer = new RecordWriter();
        writer.WriteClass(cimClass);
        return writer._buffer.WrittenSpan.ToArray();
    }

    /// <summary>Record of an instance: the properties that are not NULL.</summary>
    public static byte[] Instance(CimInstance instance)
    {
        var writer = new RecordWriter();
        writer.WriteInstance(instance);
        return writer._buffer.WrittenSpan.ToArray();
    }

    /// <summary>Record of a qualifier declaration.</summary>
    public static byte[] Qualifier(CimQualifierDeclaration declaration)
    {
        var writer = new RecordWriter();
        writer.Text(declaration.Name);
        writer.Byte((byte)declaration.CimType);
        writer.Value(declaration.DefaultValue);
        writer.Number((ulong)declaration.Scopes);
        writer.Number((ulong)declaration.Flavors);
        writer.Number((ulong)declaration.ArraySize);
        return writer._buffer.WrittenSpan.ToArray();
    }

    private void WriteClass(CimClass cimClass)
    {
        Text(cimClass.ClassName);
        Text(cimClass.CimSuperClassName);
        Qualifiers(cimClass.CimClassQualifiers);
        Number((ulong)cimClass.CimClassProperties.Count);
        foreach (CimPropertyDeclaration property in cimClass.CimClassProperties)
        {
            Element(property);
            Value(property.DefaultValue);
        }

        Number((ulong)cimClass.CimClassMethods.Count);
        foreach (CimMethodDeclaration method in cimClass.CimClassMethods)
        {
            Text(method.Name);
            Byte((byte)method.ReturnType);
            Qualifiers(method.Qualifiers);
            Number((ulong)method.Parameters.Count);
            foreach (CimParameterDeclaration parameter in method.Parameters)
            {
                Element(parameter);
            }
        }
    }

    private void Element(CimTypedElement element)
    {
        Text(element.Name);
        Byte((byte)element.CimType);
        Text(element.ReferenceClassName);
        Text(element.EmbeddedClassName);
        Number((ulong)element.ArraySize);
        Qualifiers(element.Qualifiers);
    }

    private void Qualifiers(CimNamedList<CimQualifier> qualifiers)
    {
        Number((ulong)qualifiers.Count);
        foreach (CimQualifier qualifier in qualifiers)
        {
            Text(qualifier.Name);
            Byte((byte)qualifier.CimType);
            Byte((byte)qualifier.Flavors);
            Value(qualifier.Value);
        }
    }

    private void WriteInstance(CimInstance instance)
    {
        Text(instance.ClassName);
        int count = 0;
        foreach (CimValue value in instance.Values)
        {
            count += value.IsNull ? 0 : 1;
        }

        Number((ulong)count);
        for (int i = 0; i < instance.Count; i++)
        {
            if (!instance[i].IsNull)
            {
                Text(instance.CimClass.CimClassProperties[i].Name);
                Value(instance[i]);
            }
        }
    }

    private void Value(CimValue value)
    {
        CimType type = value.Type;
        Byte((byte)type);
        if (type == CimType.Unknown)
        {
            return;
        }

        if (!type.IsArray())
        {
            Scalar(value);
            return;
        }

        Number((ulong)value.Count);
        for (int i = 0; i < value.Count; i++)
        {
            CimValue element = value[i];
            Byte(element.IsNull ? (byte)0 : (byte)1);
            if (!element.IsNull)
            {
                Scalar(element);
            }
        }
    }

    private void Scalar(CimValue value)
    {
        switch (value.Type)
        {
            case CimType.String:
                Text(value.AsString());
                break;
            case CimType.DateTime:
                Text(value.ToString());
                break;
            case CimType.Reference:
                Path(value.AsReference()!);
                break;
            case CimType.Instance when value.AsClass() is { } cimClass:
                Byte(2);
                WriteClass(cimClass);
                break;
            case CimType.Instance:
                Byte(1);
                EmbeddedInstance(value.AsInstance()!);
                break;
            case CimType.Real32 or CimType.Real64:
                value.TryGetDouble(out double real);
                BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), real);
                _buffer.Advance(8);
                break;
            case CimType.Boolean:
                Byte(value.AsBoolean() ? (byte)1 : (byte)0);
                break;
            case CimType.Char16:
                value.TryGetChar(out char c);
                Number(c);
                break;
            default:
                if (!value.TryGetUInt64(out ulong number))
                {
                    value.TryGetInt64(out long signed);
                    number = (ulong)signed;
                }

                Number(number);
                break;
        }
    }

    // An embedded instance carries its property types: its class need not be in the schema when it is read.
    private void EmbeddedInstance(CimInstance instance)
    {
        Text(instance.ClassName);
        Number((ulong)instance.Count);
        for (int i = 0; i < instance.Count; i++)
        {
            Text(instance.CimClass.CimClassProperties[i].Name);
            Byte((byte)instance.CimClass.CimClassProperties[i].CimType);
            Value(instance[i]);
        }
    }

    private void Path(CimObjectPath path)
    {
        Text(path.Host);
        Text(path.Namespace);
        Text(path.ClassName);
        Number(path.IsClassPath ? 0 : (ulong)path.Keys.Count + 1);
        foreach (CimKeyBinding key in path.Keys)
        {
            Text(key.Name);
            Value(key.Value);
        }
    }

    private void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length + 1);
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Math.Max(1, length)));
        _buffer.Advance(length);
    }

    private void Number(ulong value)
    {
        Span<byte> span = _buffer.GetSpan(10);
        int i = 0;
        while (value >= 0x80)
        {
            span[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[i++] = (byte)value;
        _buffer.Advance(i);
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}
