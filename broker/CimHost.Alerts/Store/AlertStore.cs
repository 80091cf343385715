using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CimHost.Alerts.Store;

/// <summary>
/// The database file behind the alert engine: alerts, events, what is known of the elements, and how far each receiver is. What a change
/// writes is on disk when it returns, all of it or nothing. One user at a time.
/// </summary>
internal sealed class AlertStore : IDisposable
{
    private const int FormatVersion = 1;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS alerts (id INTEGER PRIMARY KEY, open INTEGER NOT NULL, raised TEXT NOT NULL, record TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, record TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS elements (source TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS baselines (scope TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS entries (log TEXT, entry TEXT, PRIMARY KEY (log, entry)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS origin (id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS receivers (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, dropped INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    private AlertStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is none of this host or is damaged; it is left as it is.</exception>
    public static AlertStore Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var store = new AlertStore(connection);
            long version = store.Scalar("PRAGMA user_version");
            if (version is not (0 or FormatVersion))
            {
                throw new InvalidDataException($"The alerts in {path} have format {version}; this host reads format {FormatVersion}. Move the file away to start with none.");
            }

            store.Execute(null, "PRAGMA journal_mode=WAL");
            store.Execute(null, "PRAGMA synchronous=FULL");
            store.Execute(null, Tables + $"PRAGMA user_version={FormatVersion};");
            store.Execute(null, "INSERT INTO origin SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM origin)", Guid.NewGuid().ToString());
            store.Origin = store.Read("SELECT id FROM origin", r => r.GetString(0))[0];
            return store;
        }
        catch (Exception e)
        {
            connection.Dispose();
            throw e is SqliteException ? new InvalidDataException($"The alerts in {path} cannot be read: {e.Message} Move the file away to start with none.", e) : e;
        }
    }

    /// <summary>Which series of events this is: another file has another.</summary>
    public string Origin { get; private set; } = string.Empty;

    /// <summary>Number of the last alert.</summary>
    public long LastAlert => Scalar("SELECT COALESCE(MAX(id), 0) FROM alerts");

    /// <summary>Sequence of the first event that is kept; 0 without any.</summary>
    public long FirstEvent => Scalar("SELECT COALESCE(MIN(sequence), 0) FROM events");

    /// <summary>Sequence of the last event; 0 without any.</summary>
    public long LastEvent => Scalar("SELECT COALESCE(MAX(sequence), 0) FROM events");

    /// <summary>Alerts that are open, by number.</summary>
    public List<Alert> OpenAlerts() => Read("SELECT record FROM alerts WHERE open = 1 ORDER BY id", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.Alert)!);

    /// <summary>The last alerts, newest first.</summary>
    public List<Alert> Latest(int count) => Read("SELECT record FROM alerts ORDER BY id DESC LIMIT $1", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.Alert)!, count);

    /// <summary>An alert by its number; null when there is none.</summary>
    public Alert? Find(long id) => Read("SELECT record FROM alerts WHERE id = $1", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.Alert)!, id).FirstOrDefault();

    /// <summary>Events of one alert, oldest first.</summary>
    public List<AlertEvent> EventsOf(long id) =>
        Read("SELECT record FROM events WHERE json_extract(record, '$.alert.id') = $1 ORDER BY sequence", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.AlertEvent)!, id);

    /// <summary>Events after one, oldest first.</summary>
    public List<AlertEvent> EventsAfter(long sequence, int count) =>
        Read("SELECT record FROM events WHERE sequence > $1 ORDER BY sequence LIMIT $2", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.AlertEvent)!, sequence, count);

    /// <summary>Everything that is known of elements.</summary>
    public List<ElementRecord> Elements() => Read("SELECT record FROM elements", r => JsonSerializer.Deserialize(r.GetString(0), AlertJson.Default.ElementRecord)!);

    /// <summary>Scopes that were read completely at least once.</summary>
    public List<string> Baselines() => Read("SELECT scope FROM baselines", r => r.GetString(0));

    /// <summary>Entries of logs that were seen: log and entry.</summary>
    public List<(string Log, string Entry)> Entries() => Read("SELECT log, entry FROM entries", r => (r.GetString(0), r.GetString(1)));

    /// <summary>How far a receiver is, and how many events it lost; null when it is new.</summary>
    public (long Sequence, long Dropped)? Receiver(string name) =>
        Read<(long, long)?>("SELECT sequence, dropped FROM receivers WHERE name = $1", r => (r.GetInt64(0), r.GetInt64(1)), name).FirstOrDefault();

    /// <summary>Carries out a change as one transaction.</summary>
    /// <exception cref="IOException">The disk is full or failing; nothing is changed.</exception>
    public void Write(Action<Change> change)
    {
        lock (_lock)
        {
            try
            {
                using SqliteTransaction transaction = _connection.BeginTransaction();
                change(new Change(this, transaction));
                transaction.Commit();
            }
            catch (SqliteException e)
            {
                throw new IOException($"The alerts could not be stored: {e.Message}", e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private long Scalar(string sql) => Read(sql, r => r.GetInt64(0)).FirstOrDefault();

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object> parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = Command(null, sql, parameters);
            using SqliteDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    private void Execute(SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> parameters)
    {
        using SqliteCommand command = Command(transaction, sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqliteTransaction? transaction, string sql, ReadOnlySpan<object> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every statement is a constant of this class; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (i + 1), parameters[i]);
        }

        return command;
    }

    /// <summary>A change under way.</summary>
    internal readonly struct Change(AlertStore store, SqliteTransaction transaction)
    {
        /// <summary>Keeps an alert.</summary>
        public void Put(Alert alert) => store.Execute(
            transaction, "INSERT OR REPLACE INTO alerts VALUES ($1, $2, $3, $4)",
            alert.Id, alert.ClearedAt is null ? 1 : 0, alert.RaisedAt.ToString("O"), JsonSerializer.Serialize(alert, AlertJson.Default.Alert));

        /// <summary>Keeps an event.</summary>
        public void Put(AlertEvent alertEvent) => store.Execute(transaction, "INSERT INTO events VALUES ($1, $2)", alertEvent.Sequence, JsonSerializer.Serialize(alertEvent, AlertJson.Default.AlertEvent));

        /// <summary>Keeps what is known of an element.</summary>
        public void Put(ElementRecord element) => store.Execute(transaction, "INSERT OR REPLACE INTO elements VALUES ($1, $2)", element.Source, JsonSerializer.Serialize(element, AlertJson.Default.ElementRecord));

        /// <summary>Forgets an element.</summary>
        public void RemoveElement(string source) => store.Execute(transaction, "DELETE FROM elements WHERE source = $1", source);

        /// <summary>A scope was read completely.</summary>
        public void PutBaseline(string scope) => store.Execute(transaction, "INSERT OR IGNORE INTO baselines VALUES ($1)", scope);

        /// <summary>An entry of a log was seen.</summary>
        public void PutEntry(string log, string entry) => store.Execute(transaction, "INSERT OR IGNORE INTO entries VALUES ($1, $2)", log, entry);

        /// <summary>An entry is not in its log any more.</summary>
        public void RemoveEntry(string log, string entry) => store.Execute(transaction, "DELETE FROM entries WHERE log = $1 AND entry = $2", log, entry);

        /// <summary>How far a receiver is.</summary>
        public void PutReceiver(string name, long sequence, long dropped) => store.Execute(transaction, "INSERT OR REPLACE INTO receivers VALUES ($1, $2, $3)", name, sequence, dropped);

        /// <summary>Forgets the oldest events and closed alerts, so many that no more than a number stays.</summary>
        public void Trim(int kept)
        {
            store.Execute(transaction, "DELETE FROM events WHERE sequence <= (SELECT MAX(sequence) FROM events) - $1", kept);
            store.Execute(transaction, "DELETE FROM alerts WHERE open = 0 AND id <= (SELECT MAX(id) FROM alerts) - $1", kept);
        }
    }
}
