using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>A provider that serves, with what its export said of it.</summary>
public sealed class ProviderRegistration
{
    /// <summary>Registers a provider.</summary>
    /// <param name="packageName">Package it comes from.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="metadata">What its export says.</param>
    /// <param name="scheduler">Runs its code; null: the thread pool.</param>
    public ProviderRegistration(string packageName, ICimProvider provider, ProviderMetadata metadata, TaskScheduler? scheduler = null)
    {
        Scheduler = scheduler ?? TaskScheduler.Default;
        PackageName = packageName;
        Provider = provider;
        ClassNames = metadata.ClassNames;
        Namespaces = metadata.Namespaces;
        MaxAge = TimeSpan.FromSeconds(Math.Clamp(metadata.MaxAgeSeconds, 0, 3600));
        Deadline = TimeSpan.FromSeconds(Math.Clamp(metadata.DeadlineSeconds, 0, 600));
    }

    /// <summary>Package it came from.</summary>
    public string PackageName { get; }

    /// <summary>The provider.</summary>
    public ICimProvider Provider { get; }

    /// <summary>Runs its code: the part of the processors that its package is given.</summary>
    public TaskScheduler Scheduler { get; }

    /// <summary>Name for logs and CIM: package and type.</summary>
    public string Name => $"{PackageName}/{Provider.GetType().Name}";

    /// <summary>Classes that it serves.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Namespaces in which it serves them.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>How old a served result may be; zero: never served twice.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>When a request is given up; zero: the host's default.</summary>
    public TimeSpan Deadline { get; }
}
