using CimHost.ObjectManager.Providers;

namespace CimHost.ObjectManager.Dispatch;

/// <summary>How a provider does.</summary>
/// <param name="Registration">The provider.</param>
/// <param name="IsLeftAlone">True while its circuit breaker keeps requests away.</param>
/// <param name="LastFailure">Why, when it is left alone; else empty.</param>
/// <param name="RefusedRequests">Requests refused since start: breaker open, or too many waiting.</param>
public sealed record ProviderHealth(ProviderRegistration Registration, bool IsLeftAlone, string LastFailure, long RefusedRequests);
