namespace CimHost.Endpoints.Files;

/// <summary>What of the host's files can be reached over HTTPS, each with rules and privileges of its own.</summary>
public enum RemoteArea
{
    /// <summary><c>/host</c>: the configuration and log files that the host names, flat.</summary>
    Host,

    /// <summary><c>/folder</c>: the datastores; <c>dsName</c> of the query names one, without it they are listed.</summary>
    Folder,

    /// <summary><c>/tmp</c>: the host's temporary files.</summary>
    Temporary,
}
