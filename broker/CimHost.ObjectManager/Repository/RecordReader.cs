using System.Buffers.Binary;
using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. A record that breaks its own format gives <see cref="InvalidDataException"/>, whatever the bytes.</summary>
internal ref struct RecordReader
{
    private const int MaxDepth = 32;

    private ReadOnlySpan<byte> _rest;
    private int _depth;

    private RecordReader(ReadOnlySpan<byte> record)
    {
        _rest = record;
        if (Byte() != RecordWriter.Version)
        {
            throw Damaged("has another format version");
        }
    }

    /// <summary>Reads a class as declared.</summary>
    public static CimClass Class(ReadOnlySpan<byte> record, string namespaceName)
    {
        var reader = new RecordReader(record);
        return reader.ReadClass(namespaceName);
    }

    /// <summary>Reads an instance into the shape of its class; properties that the class no longer has, or has with another type, are left out.</summary>
    public static CimInstance Instance(ReadOnlySpan<byte> record, CimClass cimClass, string namespaceName)
    {
        var reader = new RecordReader(record);
        reader.RequiredText();
        var instance = new CimInstance(cimClass, namespaceName);
        for (int i = 0; i < instance.Count; i++)
        {
            instance[i] = CimValue.Null;
        }

        ulong count = reader.Number();
        for (ulong p = 0; p < count; p++)
        {
            int index = cimClass.IndexOf(reader.RequiredText());
            CimValue value = reader.Value();
            if (index >= 0 && value.TryConvert(cimClass.CimClassProperties[index].CimType, out value))
            {
                instance[index] = value;
            }
        }

        return instance;
    }

    /// <summary>Reads a qualifier declaration.</summary>
    public static CimQualifierDeclaration Qualifier(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        return new CimQualifierDeclaration(
            reader.RequiredText(), reader.Type(), reader.Value(), (CimQualifierScopes)reader.Number(), (CimQualifierFlavors)reader.Number(), (int)Math.Min(reader.Number(), int.MaxValue));
    }

    private CimClass ReadClass(string? namespaceName)
    {
        Enter();
        string name = RequiredText();
        string? superClass = Text();
        CimNamedList<CimQualifier> qualifiers = Qualifiers();
        var properties = new CimPropertyDeclaration[Count()];
        for (int i = 0; i < properties.Length; i++)
        {
            properties[i] = new CimPropertyDeclaration
            {
                Name = RequiredText(), CimType = Type(), ReferenceClassName = Text(), EmbeddedClassName = Text(), ArraySize = (int)Math.Min(Number(), int.MaxValue), Qualifiers = Qualifiers(), DefaultValue = Value(),
            };
        }

        var methods = new CimMethodDeclaration[Count()];
        for (int i = 0; i < methods.Length; i++)
        {
            methods[i] = new CimMethodDeclaration { Name = RequiredText(), ReturnType = Type(), Qualifiers = Qualifiers(), Parameters = Parameters() };
        }

        _depth--;
        try
        {
            return new CimClass(name, superClass, properties, methods, qualifiers, namespaceName);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"A stored record is damaged: {e.Message}", e);
        }
    }

    private CimNamedList<CimParameterDeclaration> Parameters()
    {
        var parameters = new CimParameterDeclaration[Count()];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = new CimParameterDeclaration
            {
                Name = RequiredText(), CimType = Type(), ReferenceClassName = Text(), EmbeddedClassName = Text(), ArraySize = (int)Math.Min(Number(), int.MaxValue), Qualifiers = Qualifiers(),
            };
        }

        return List(parameters);
    }

    private CimNamedList<CimQualifier> Qualifiers()
    {
        var qualifiers = new CimQualifier[Count()];
        for (int i = 0; i < qualifiers.Length; i++)
        {
            string name = RequiredText();
            CimType type = Type();
            var flavors = (CimQualifierFlavors)Byte();
            qualifiers[i] = new CimQualifier(name, type, Value(), flavors);
        }

        return List(qualifiers);
    }

    private static CimNamedList<T> List<T>(T[] items)
        where T : class, ICimNamed
    {
        try
        {
            return items.Length == 0 ? CimNamedList<T>.Empty : new CimNamedList<T>(items);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"A stored record is damaged: {e.Message}", e);
        }
    }

    private CimValue Value()
    {
        CimType type = Type();
        if (type == CimType.Unknown)
        {
            return default;
        }

        if (!type.IsArray())
        {
            return Scalar(type);
        }

        var elements = new CimValue[Count()];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Byte() == 0 ? default : Scalar(type.ElementType());
        }

        return CimValue.FromElements(type.ElementType(), elements);
    }

    private CimValue Scalar(CimType type)
    {
        switch (type)
        {
            case CimType.String:
                return RequiredText();
            case CimType.DateTime:
                return CimDateTime.TryParse(RequiredText(), out CimDateTime time) ? time : throw Damaged("has a wrong datetime");
            case CimType.Reference:
                return Path();
            case CimType.Instance:
                return Byte() == 2 ? ReadClass(null) : EmbeddedInstance();
            case CimType.Real32 or CimType.Real64:
                double real = BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
                return type == CimType.Real32 ? (CimValue)(float)real : (CimValue)real;
            case CimType.Boolean:
                return Byte() != 0;
        }

        ulong number = Number();
        return type switch
        {
            CimType.Char16 => (char)number,
            CimType.UInt8 => (byte)number,
            CimType.SInt8 => (sbyte)number,
            CimType.UInt16 => (ushort)number,
            CimType.SInt16 => (short)number,
            CimType.UInt32 => (uint)number,
            CimType.SInt32 => (int)number,
            CimType.UInt64 => number,
            _ => (long)number,
        };
    }

    private CimInstance EmbeddedInstance()
    {
        Enter();
        string className = RequiredText();
        var properties = new CimPropertyDeclaration[Count()];
        var values = new CimValue[properties.Length];
        for (int i = 0; i < properties.Length; i++)
        {
            properties[i] = new CimPropertyDeclaration { Name = RequiredText(), CimType = Type() };
            values[i] = Value();
            if (!values[i].IsNull && values[i].Type != properties[i].CimType)
            {
                throw Damaged("has a property of a wrong type");
            }
        }

        _depth--;
        List(properties);
        var instance = new CimInstance(new CimClass(className, null, properties));
        for (int i = 0; i < values.Length; i++)
        {
            instance[i] = values[i];
        }

        return instance;
    }

    private CimObjectPath Path()
    {
        Enter();
        string? host = Text(), namespaceName = Text();
        string className = RequiredText();
        int count = Count();
        var keys = count == 0 ? null : new CimKeyBinding[count - 1];
        for (int i = 0; i < count - 1; i++)
        {
            keys![i] = new CimKeyBinding(RequiredText(), Value());
        }

        _depth--;
        return new CimObjectPath(className, keys, namespaceName, host);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Damaged("is nested too deep");
        }
    }

    private CimType Type()
    {
        byte type = Byte();
        return type <= (byte)CimType.InstanceArray ? (CimType)type : throw Damaged("has a wrong type");
    }

    private string RequiredText() => Text() ?? throw Damaged("lacks a name");

    private string? Text()
    {
        ulong length = Number();
        return length == 0 ? null : length - 1 > (ulong)_rest.Length ? throw Damaged("ends early") : Encoding.UTF8.GetString(Take((int)(length - 1)));
    }

    // Every element takes at least a byte, so a count beyond what is left is wrong, and no array is made for it.
    private int Count()
    {
        ulong count = Number();
        return count <= (ulong)_rest.Length ? (int)count : throw Damaged("counts more than it holds");
    }

    private ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Damaged("has a number without an end");
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw Damaged("ends early");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static InvalidDataException Damaged(string how) => new($"A stored record is damaged: it {how}.");
}
