namespace CimHost.VmKernel.Boot.Services;

/// <summary>The order of a set of services; a set that has none is refused.</summary>
internal static class ServiceGraph
{
    public const int MaxServices = 1024;

    /// <summary>The services, each behind those that it requires or comes after.</summary>
    /// <exception cref="ServiceException">A name is wrong or there twice, a required service is missing, or services wait for each other: which.</exception>
    public static List<ServiceDefinition> Order(IReadOnlyCollection<ServiceDefinition> services)
    {
        if (services.Count > MaxServices)
        {
            throw new ServiceException($"There are {services.Count} services; at most {MaxServices} are supervised.");
        }

        var byName = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal);
        foreach (ServiceDefinition service in services)
        {
            if (!service.HasValidName)
            {
                throw new ServiceException($"\"{service.Name}\" is no name of a service: 1 to 64 letters, digits, '_', '-', '.' and '@'.");
            }

            if (!byName.TryAdd(service.Name, service))
            {
                throw new ServiceException($"There are two services named {service.Name}.");
            }
        }

        foreach (ServiceDefinition service in services)
        {
            if (service.Requires.FirstOrDefault(name => !byName.ContainsKey(name)) is { } missing)
            {
                throw new ServiceException($"Service {service.Name} requires {missing}, and there is no service of that name.");
            }
        }

        return Sort(byName);
    }

    private static List<ServiceDefinition> Sort(Dictionary<string, ServiceDefinition> byName)
    {
        var ordered = new List<ServiceDefinition>(byName.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (string name in byName.Keys)
        {
            Visit(name);
        }

        return ordered;

        // At most as deep as there are services.
        void Visit(string name)
        {
            if (path.IndexOf(name) is >= 0 and var start)
            {
                throw new ServiceException($"These services wait for each other, so that none can start: {string.Join(" → ", path.Skip(start).Append(name))}.");
            }

            if (done.Contains(name) || !byName.TryGetValue(name, out ServiceDefinition? service))
            {
                return;
            }

            path.Add(name);
            foreach (string before in service.Requires.Concat(service.After))
            {
                Visit(before);
            }

            path.RemoveAt(path.Count - 1);
            done.Add(name);
            ordered.Add(service);
        }
    }
}
