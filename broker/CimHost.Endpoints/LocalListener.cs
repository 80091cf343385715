using CimHost.ObjectManager.Dispatch;

namespace CimHost.Endpoints;

/// <summary>Marks connections that came over the local socket, which only the host's own user can open.</summary>
/// <param name="Caller">Who these connections act for.</param>
public sealed record LocalListener(CimCaller Caller);
