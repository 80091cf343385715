namespace CimHost.Wbem.Client;

/// <summary>Why a session could not carry an operation to its server and back.</summary>
public enum CimSessionFailure
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The server's certificate is not trusted, or TLS failed otherwise.</summary>
    NotTrusted,

    /// <summary>HTTP 401: the server wants other credentials.</summary>
    NotAuthenticated,

    /// <summary>HTTP 403: the user may not do this.</summary>
    Forbidden,

    /// <summary>The server answered, but with something that is no answer to a CIM operation.</summary>
    InvalidAnswer,
}

/// <summary>An operation did not get through to the server or its answer not back. The message is one sentence for the person at the client.</summary>
public sealed class CimSessionException(CimSessionFailure failure, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What kind of failure it is.</summary>
    public CimSessionFailure Failure { get; } = failure;
}
