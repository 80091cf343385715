namespace CimHost.VmKernel.Worlds;

/// <summary>What signals did to a call that waits.</summary>
internal enum Interruption
{
    /// <summary>Nothing: the call goes on waiting.</summary>
    None,

    /// <summary>Handlers ran, all with SA_RESTART: a call that can be restarted goes on, others fail with EINTR.</summary>
    Restart,

    /// <summary>A handler without SA_RESTART ran: the call fails with EINTR.</summary>
    Fail,
}
