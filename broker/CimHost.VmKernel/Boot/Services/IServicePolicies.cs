namespace CimHost.VmKernel.Boot.Services;

/// <summary>Where the policies that an administrator has chosen are kept.</summary>
public interface IServicePolicies
{
    /// <summary>The policy chosen for a service; null when none was and its own default holds. Asked often: it answers from memory and throws nothing.</summary>
    /// <param name="service">Name of the service.</param>
    ServicePolicy? Find(string service);

    /// <summary>Keeps a policy; it is durable when the task has completed.</summary>
    /// <param name="service">Name of the service.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SetAsync(string service, ServicePolicy policy, CancellationToken cancellationToken);
}
