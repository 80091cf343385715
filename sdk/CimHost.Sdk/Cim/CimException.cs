namespace CimHost.Sdk.Cim;

/// <summary>A CIM operation ended with an error. The message is written for the person at the client: what failed, on what, why, what to do.</summary>
public sealed class CimException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CimException(CimStatusCode status, string message, Exception? innerException = null)
        : base(message, innerException) => Status = status;

    /// <summary>The status that the client sees.</summary>
    public CimStatusCode Status { get; }

    /// <summary>The status as clients know it: "CIM_ERR_NOT_FOUND".</summary>
    public string StatusName => NameOf(Status);

    /// <summary>CIM_ERR_NOT_FOUND for an instance.</summary>
    public static CimException NotFound(CimObjectPath path) => new(CimStatusCode.NotFound, $"There is no instance {path}.");

    /// <summary>CIM_ERR_INVALID_CLASS.</summary>
    public static CimException InvalidClass(string namespaceName, string className) =>
        new(CimStatusCode.InvalidClass, $"There is no class {className} in namespace {namespaceName}.");

    /// <summary>CIM_ERR_INVALID_NAMESPACE.</summary>
    public static CimException InvalidNamespace(string namespaceName) =>
        new(CimStatusCode.InvalidNamespace, $"There is no namespace {namespaceName}.");

    /// <summary>CIM_ERR_INVALID_PARAMETER.</summary>
    public static CimException InvalidParameter(string message) => new(CimStatusCode.InvalidParameter, message);

    /// <summary>CIM_ERR_NOT_SUPPORTED.</summary>
    public static CimException NotSupported(string message) => new(CimStatusCode.NotSupported, message);

    /// <summary>CIM_ERR_FAILED.</summary>
    public static CimException Failed(string message, Exception? innerException = null) => new(CimStatusCode.Failed, message, innerException);

    /// <summary>The DSP0200 name of a status: InvalidEnumerationContext → "CIM_ERR_INVALID_ENUMERATION_CONTEXT".</summary>
    public static string NameOf(CimStatusCode status)
    {
        if (status == CimStatusCode.InvalidSuperclass)
        {
            return "CIM_ERR_INVALID_SUPERCLASS";
        }

        string name = status.ToString();
        var text = new System.Text.StringBuilder("CIM_ERR");
        foreach (char c in name)
        {
            if (char.IsUpper(c))
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
