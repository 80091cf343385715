using Microsoft.Data.Sqlite;

namespace CimHost.Snmp.Mib.Persistence;

/// <summary>
/// What of the MIBs lasts over restarts, in a database file: the numbers of rows by the identity of the thing in the row, and what
/// managers set. A thing keeps its number for ever and no number is given to another thing, also after the first is gone. Numbers are on
/// disk before anybody sees them.
/// </summary>
internal sealed class MibStore : IDisposable
{
    /// <summary>Most rows of a kind. Things beyond are not shown.</summary>
    public const int MaxNumbers = 200_000;

    private const int FormatVersion = 1;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS numbers (kind TEXT NOT NULL, identity TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (kind, identity), UNIQUE (kind, number)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, int>> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private MibStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is none of this host or is damaged; it is left as it is.</exception>
    public static MibStore Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        var store = new MibStore(connection);
        try
        {
            connection.Open();
            store.Load(path);
            return store;
        }
        catch (SqliteException e)
        {
            store.Dispose();
            throw new InvalidDataException($"The numbers of SNMP rows in {path} cannot be read: {e.Message} Move the file away to start with new numbers.", e);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Numbers of things, from 1; a new thing gets the next free one, in the order given.</summary>
    /// <param name="kind">Kind of row; each counts for itself.</param>
    /// <param name="identities">What the things are, whatever order they were found in.</param>
    /// <returns>Numbers by identity. What is beyond <see cref="MaxNumbers"/> is not in it.</returns>
    /// <exception cref="IOException">They could not be stored.</exception>
    public IReadOnlyDictionary<string, int> Number(string kind, IEnumerable<string> identities)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue(kind, out Dictionary<string, int>? known))
            {
                _numbers[kind] = known = new Dictionary<string, int>(StringComparer.Ordinal);
            }

            string[] wanted = [.. identities.Distinct(StringComparer.Ordinal)];
            string[] added = [.. wanted.Where(w => !known.ContainsKey(w)).Take(MaxNumbers - known.Count)];
            if (added.Length > 0)
            {
                Store(kind, added, known.Count == 0 ? 1 : known.Values.Max() + 1, known);
            }

            return wanted.Where(known.ContainsKey).ToDictionary(w => w, w => known[w], StringComparer.Ordinal);
        }
    }

    /// <summary>A text that a manager set; null when none did.</summary>
    public string? Text(string name)
    {
        lock (_lock)
        {
            return _texts.GetValueOrDefault(name);
        }
    }

    /// <summary>Keeps texts, all or none; they are on disk when this returns.</summary>
    /// <exception cref="IOException">They could not be stored.</exception>
    public void SetTexts(IReadOnlyCollection<KeyValuePair<string, string>> texts)
    {
        lock (_lock)
        {
            Write(command =>
            {
                command.CommandText = "INSERT INTO texts (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                foreach ((string name, string value) in texts)
                {
                    command.Parameters.Clear();
                    command.Parameters.AddWithValue("$name", name);
                    command.Parameters.AddWithValue("$value", value);
                    command.ExecuteNonQuery();
                }
            });
            foreach ((string name, string value) in texts)
            {
                _texts[name] = value;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Store(string kind, string[] added, int first, Dictionary<string, int> known)
    {
        Write(command =>
        {
            command.CommandText = "INSERT INTO numbers (kind, identity, number) VALUES ($kind, $identity, $number)";
            for (int i = 0; i < added.Length; i++)
            {
                command.Parameters.Clear();
                command.Parameters.AddWithValue("$kind", kind);
                command.Parameters.AddWithValue("$identity", added[i]);
                command.Parameters.AddWithValue("$number", first + i);
                command.ExecuteNonQuery();
            }
        });
        for (int i = 0; i < added.Length; i++)
        {
            known[added[i]] = first + i;
        }
    }

    private void Write(Action<SqliteCommand> change)
    {
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            using SqliteCommand command = _connection.CreateCommand();
            command.Transaction = transaction;
            change(command);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw new IOException($"What SNMP has to keep could not be stored: {e.Message}", e);
        }
    }

    private void Load(string path)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long version = Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version is not 0 and not FormatVersion)
        {
            throw new InvalidDataException($"The numbers of SNMP rows in {path} have format {version}; this host reads format {FormatVersion}. Move the file away to start with new numbers.");
        }

        // FULL: a number that a manager saw must not go to another thing after a power cut.
        command.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {Tables} PRAGMA user_version={FormatVersion};";
        command.ExecuteNonQuery();
        command.CommandText = "SELECT kind, identity, number FROM numbers";
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                string kind = reader.GetString(0);
                if (!_numbers.TryGetValue(kind, out Dictionary<string, int>? known))
                {
                    _numbers[kind] = known = new Dictionary<string, int>(StringComparer.Ordinal);
                }

                known[reader.GetString(1)] = reader.GetInt32(2);
            }
        }

        command.CommandText = "SELECT name, value FROM texts";
        using SqliteDataReader texts = command.ExecuteReader();
        while (texts.Read())
        {
            _texts[texts.GetString(0)] = texts.GetString(1);
        }
    }
}
