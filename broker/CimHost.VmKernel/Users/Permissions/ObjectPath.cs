namespace CimHost.VmKernel.Users.Permissions;

/// <summary>
/// What a permission is on: <c>/</c> (everything), a CIM namespace (<c>cim:root/cimv2</c>), an area of files (<c>file:/host</c>,
/// <c>file:/folder/DATASTORE</c>, <c>file:/tmp</c>), or all of one kind (<c>cim:</c>, <c>file:</c>). What lies below in the sense of
/// slashes belongs to it. CIM namespaces are compared in any case (DSP0004 §5.7.3), file paths exactly.
/// </summary>
public readonly struct ObjectPath : IEquatable<ObjectPath>
{
    /// <summary>Longest path.</summary>
    public const int MaxLength = 1024;

    private const string CimScheme = "cim";
    private const string FileScheme = "file";

    private readonly string? _scheme;
    private readonly string? _path;

    private ObjectPath(string scheme, string path)
    {
        _scheme = scheme;
        _path = path;
    }

    /// <summary>Everything: <c>/</c>.</summary>
    public static ObjectPath Root => default;

    /// <summary>Whether this is everything.</summary>
    public bool IsRoot => _scheme is null;

    /// <summary>How specific it is: a path is more so than what it lies in.</summary>
    internal int Depth => IsRoot ? 0 : 1 + _path!.Length;

    private StringComparison Comparison => ReferenceEquals(_scheme, CimScheme) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>A CIM namespace, by the name under which it is kept (<c>root/interop</c>, not <c>interop</c>).</summary>
    public static ObjectPath Cim(string namespaceName) => new(CimScheme, namespaceName);

    /// <summary>A file or folder that clients see.</summary>
    /// <param name="path">Absolute, already decoded and without <c>.</c> and <c>..</c>.</param>
    /// <exception cref="ArgumentException">It is not: who asks would be answered about another file than the one that is opened.</exception>
    public static ObjectPath File(string path) => path.Length > 0 && path[0] == '/' && !HasDots(path)
        ? new ObjectPath(FileScheme, path)
        : throw new ArgumentException($"'{path}' is no absolute path without . and .. parts.", nameof(path));

    /// <summary>Reads a path in the form that permissions are given in.</summary>
    public static bool TryParse(string text, out ObjectPath path, out string error)
    {
        path = default;
        error = $"'{text}' is no object path; expected /, cim:NAMESPACE, file:/PATH, cim: or file:.";
        if (text == "/")
        {
            error = string.Empty;
            return true;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.Length > MaxLength || text.Any(char.IsControl))
        {
            return false;
        }

        string rest = text[(colon + 1)..].TrimEnd('/');
        switch (text[..colon])
        {
            case CimScheme when IsParts(rest.TrimStart('/')):
                string ns = rest.TrimStart('/');
                path = Cim(string.Equals(ns, "interop", StringComparison.OrdinalIgnoreCase) ? "root/interop" : ns);
                break;
            case FileScheme when rest.Length == 0 || (rest[0] == '/' && IsParts(rest[1..])):
                path = new ObjectPath(FileScheme, rest);
                break;
            default:
                return false;
        }

        error = string.Empty;
        return true;
    }

    /// <summary>Whether another path is this one or lies below it.</summary>
    public bool Covers(ObjectPath other)
    {
        if (IsRoot)
        {
            return true;
        }

        if (!ReferenceEquals(_scheme, other._scheme))
        {
            return false;
        }

        string path = _path!;
        string below = other._path!;
        return path.Length == 0 || (below.StartsWith(path, Comparison) && (below.Length == path.Length || below[path.Length] == '/'));
    }

    /// <inheritdoc/>
    public bool Equals(ObjectPath other) =>
        ReferenceEquals(_scheme, other._scheme) && (IsRoot || _path.AsSpan().TrimEnd('/').Equals(other._path.AsSpan().TrimEnd('/'), Comparison));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ObjectPath other && Equals(other);

    /// <summary>Whether two paths are the same.</summary>
    public static bool operator ==(ObjectPath left, ObjectPath right) => left.Equals(right);

    /// <summary>Whether two paths differ.</summary>
    public static bool operator !=(ObjectPath left, ObjectPath right) => !left.Equals(right);

    /// <inheritdoc/>
    public override int GetHashCode() => IsRoot ? 0 : string.GetHashCode(_path.AsSpan().TrimEnd('/'), Comparison);

    /// <inheritdoc/>
    public override string ToString() => IsRoot ? "/" : $"{_scheme}:{_path}";

    private static bool IsParts(string path) => path.Length == 0 || path.Split('/').All(static p => p is not ("" or "." or ".."));

    private static bool HasDots(string path) => path.Contains("/.", StringComparison.Ordinal) && path.Split('/').Any(static p => p is "." or "..");
}
