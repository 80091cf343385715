using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Repository;

/// <summary>
/// Static instances. Small classes are kept in memory whole, as frozen objects that every answer shares; the classes unused longest are
/// dropped when there are too many instances, and classes too large to keep are read from the database page by page.
/// </summary>
public sealed class InstanceStore
{
    /// <summary>Instances that are kept in memory, all classes together.</summary>
    public const int MaxCached = 20_000;

    internal const string SelectOne = "SELECT record FROM instances WHERE namespace=$1 AND class=$2 AND key=$3";
    internal const string SelectPage = "SELECT key, record FROM instances WHERE namespace=$1 AND class=$2 AND key>$3 ORDER BY key LIMIT $4";

    private const int PageSize = 500;

    private readonly RepositoryDatabase _database;
    private readonly CimSchema _schema;
    private readonly SemaphoreSlim _writing;
    private readonly ConcurrentDictionary<ClassKey, int> _counts = new(ClassKeyComparer.Instance);
    private readonly ConcurrentDictionary<ClassKey, ClassExtent> _extents = new(ClassKeyComparer.Instance);
    private readonly Lock _loading = new();
    private long _clock;
    private long _generation;

    internal InstanceStore(RepositoryDatabase database, CimSchema schema, SemaphoreSlim writing)
    {
        _database = database;
        _schema = schema;
        _writing = writing;
    }

    /// <summary>Number of instances that are in memory now, all classes together.</summary>
    public int CachedCount => _extents.Values.Sum(e => e.Count);

    /// <summary>True when the class itself (not a subclass) has static instances.</summary>
    public bool HasInstances(string namespaceName, string className) => _counts.GetValueOrDefault(new ClassKey(namespaceName, className)) > 0;

    /// <summary>Classes of a namespace that have static instances.</summary>
    public IEnumerable<string> ClassNames(string namespaceName) =>
        _counts.Where(c => c.Value > 0 && string.Equals(c.Key.Namespace, namespaceName, StringComparison.OrdinalIgnoreCase)).Select(c => c.Key.Class);

    /// <summary>The instance with these keys (<see cref="CimObjectPath.KeyString"/>), or null.</summary>
    public ValueTask<CimInstance?> GetAsync(string namespaceName, string className, string keyString, CancellationToken cancellationToken)
    {
        var key = new ClassKey(namespaceName, className);
        int count = _counts.GetValueOrDefault(key);
        if (count == 0)
        {
            return default;
        }

        if (_extents.TryGetValue(key, out ClassExtent? extent))
        {
            extent.LastUse = Interlocked.Increment(ref _clock);
            return ValueTask.FromResult(extent.Find(keyString));
        }

        return count > MaxCached
            ? new ValueTask<CimInstance?>(Task.Run(() => ReadOne(key, keyString), cancellationToken))
            : LoadAndFindAsync(key, keyString, cancellationToken);
    }

    /// <summary>The instances of exactly this class in key order.</summary>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(string namespaceName, string className, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = new ClassKey(namespaceName, className);
        if (_counts.GetValueOrDefault(key) <= MaxCached)
        {
            if (!_extents.TryGetValue(key, out ClassExtent? extent))
            {
                extent = await Task.Run(() => Load(key), cancellationToken);
            }

            extent.LastUse = Interlocked.Increment(ref _clock);
            foreach (CimInstance instance in extent.Snapshot())
            {
                yield return instance;
            }

            yield break;
        }

        string last = string.Empty;
        while (true)
        {
            string from = last;
            List<(string Key, CimInstance Instance)> page = await Task.Run(() => ReadPage(key, from), cancellationToken);
            foreach ((_, CimInstance instance) in page)
            {
                yield return instance;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            last = page[^1].Key;
        }
    }

    /// <summary>Stores a new instance; on disk when this returns.</summary>
    /// <exception cref="CimException">CIM_ERR_ALREADY_EXISTS.</exception>
    public async ValueTask<CimObjectPath> CreateAsync(string namespaceName, CimInstance instance, CancellationToken cancellationToken)
    {
        CimObjectPath path = instance.Path ?? throw CimException.NotSupported($"Class {instance.ClassName} has no keys; its instances cannot be stored.");
        var key = new ClassKey(namespaceName, instance.ClassName);
        await ChangeAsync(() =>
        {
            // The class may have been deleted since the instance was made.
            _schema.GetClass(key.Namespace, key.Class);
            if (Exists(key, path.KeyString))
            {
                throw new CimException(CimStatusCode.AlreadyExists, $"The instance {path} exists already.");
            }

            _database.Write(t => t.Execute("INSERT INTO instances VALUES ($1,$2,$3,$4)", key.Namespace, key.Class, path.KeyString, RecordWriter.Instance(instance)));
            _counts.AddOrUpdate(key, 1, static (_, n) => n + 1);
            Extent(key)?.Set(path.KeyString, instance.Freeze());
        }, cancellationToken);
        return path;
    }

    /// <summary>
    /// Changes an instance; on disk when this returns. The change gets the instance as it is now, so that two clients that set different
    /// properties at once do not undo each other's work.
    /// </summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND, and what the change throws.</exception>
    public ValueTask ModifyAsync(string namespaceName, string className, string keyString, Func<CimInstance, CimInstance> change, CancellationToken cancellationToken)
    {
        var key = new ClassKey(namespaceName, className);
        return ChangeAsync(() =>
        {
            CimInstance changed = change(ReadOne(key, keyString) ?? throw Missing(key, keyString));
            _database.Write(t => t.Execute("INSERT OR REPLACE INTO instances VALUES ($1,$2,$3,$4)", key.Namespace, key.Class, keyString, RecordWriter.Instance(changed)));
            Extent(key)?.Set(keyString, changed.Freeze());
        }, cancellationToken);
    }

    /// <summary>Deletes an instance; gone from the disk when this returns.</summary>
    /// <exception cref="CimException">CIM_ERR_NOT_FOUND.</exception>
    public ValueTask DeleteAsync(string namespaceName, string className, string keyString, CancellationToken cancellationToken)
    {
        var key = new ClassKey(namespaceName, className);
        return ChangeAsync(() =>
        {
            if (!Exists(key, keyString))
            {
                throw Missing(key, keyString);
            }

            _database.Write(t => t.Execute("DELETE FROM instances WHERE namespace=$1 AND class=$2 AND key=$3", key.Namespace, key.Class, keyString));
            _counts.AddOrUpdate(key, 0, static (_, n) => n - 1);
            Extent(key)?.Remove(keyString);
        }, cancellationToken);
    }

    internal void Forget(string namespaceName)
    {
        Interlocked.Increment(ref _generation);
        foreach (ClassKey key in _extents.Keys.Where(k => string.Equals(k.Namespace, namespaceName, StringComparison.OrdinalIgnoreCase)))
        {
            _extents.TryRemove(key, out _);
        }
    }

    internal void Recount(string namespaceName)
    {
        foreach ((string className, int count) in _database.Read("SELECT class, COUNT(*) FROM instances WHERE namespace=$1 GROUP BY class", r => (r.GetString(0), r.GetInt32(1)), namespaceName))
        {
            _counts[new ClassKey(namespaceName, className)] = count;
        }
    }

    private async ValueTask<CimInstance?> LoadAndFindAsync(ClassKey key, string keyString, CancellationToken cancellationToken) =>
        (await Task.Run(() => Load(key), cancellationToken)).Find(keyString);

    private async ValueTask ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(change, CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static CimException Missing(ClassKey key, string keyString) =>
        new(CimStatusCode.NotFound, $"There is no instance {key.Class}.{keyString} in namespace {key.Namespace}.");

    private bool Exists(ClassKey key, string keyString) =>
        _database.Read("SELECT 1 FROM instances WHERE namespace=$1 AND class=$2 AND key=$3", static r => r.GetInt32(0), key.Namespace, key.Class, keyString).Count > 0;

    private ClassExtent? Extent(ClassKey key) => _extents.GetValueOrDefault(key);

    // Under the lock so that a class is read once however many clients ask at the same moment. A change made while a class is being read
    // waits in the database's log; the writer then finds no extent to update, so the read is repeated when the count has moved, or when
    // the classes have changed, for the instances have the shape of their class.
    private ClassExtent Load(ClassKey key)
    {
        lock (_loading)
        {
            if (_extents.TryGetValue(key, out ClassExtent? known))
            {
                return known;
            }

            while (true)
            {
                (long version, long generation) = (_database.Version, Interlocked.Read(ref _generation));
                var extent = new ClassExtent { LastUse = Interlocked.Increment(ref _clock) };
                CimClass cimClass = _schema.GetClass(key.Namespace, key.Class);
                foreach ((string instanceKey, byte[] record) in _database.Read(
                    "SELECT key, record FROM instances WHERE namespace=$1 AND class=$2 ORDER BY key", r => (r.GetString(0), r.GetFieldValue<byte[]>(1)), key.Namespace, key.Class))
                {
                    extent.Set(instanceKey, Decode(record, cimClass, key, instanceKey));
                }

                _extents[key] = extent;
                if (_database.Version == version && Interlocked.Read(ref _generation) == generation)
                {
                    DropUnused();
                    return extent;
                }

                _extents.TryRemove(key, out _);
            }
        }
    }

    private void DropUnused()
    {
        while (_extents.Count > 1 && CachedCount > MaxCached)
        {
            ClassKey oldest = _extents.MinBy(e => e.Value.LastUse).Key;
            _extents.TryRemove(oldest, out _);
        }
    }

    private CimInstance? ReadOne(ClassKey key, string keyString) =>
        _database.Read(SelectOne, r => r.GetFieldValue<byte[]>(0), key.Namespace, key.Class, keyString) is [{ } record, ..]
            ? Decode(record, _schema.GetClass(key.Namespace, key.Class), key, keyString)
            : null;

    private List<(string Key, CimInstance Instance)> ReadPage(ClassKey key, string after)
    {
        CimClass cimClass = _schema.GetClass(key.Namespace, key.Class);
        List<(string Key, byte[] Record)> rows = _database.Read(SelectPage, r => (r.GetString(0), r.GetFieldValue<byte[]>(1)), key.Namespace, key.Class, after, PageSize);
        return rows.ConvertAll(r => (r.Key, Decode(r.Record, cimClass, key, r.Key)));
    }

    private static CimInstance Decode(byte[] record, CimClass cimClass, ClassKey key, string keyString)
    {
        try
        {
            return RecordReader.Instance(record, cimClass, key.Namespace).Freeze();
        }
        catch (InvalidDataException e)
        {
            throw CimException.Failed($"The stored instance {key.Namespace}:{key.Class}.{keyString} is damaged; delete it and create it again. {e.Message}", e);
        }
    }

    internal readonly record struct ClassKey(string Namespace, string Class);

    private sealed class ClassKeyComparer : IEqualityComparer<ClassKey>
    {
        public static ClassKeyComparer Instance { get; } = new();

        public bool Equals(ClassKey x, ClassKey y) =>
            string.Equals(x.Class, y.Class, StringComparison.OrdinalIgnoreCase) && string.Equals(x.Namespace, y.Namespace, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(ClassKey key) => StringComparer.OrdinalIgnoreCase.GetHashCode(key.Class);
    }
}
