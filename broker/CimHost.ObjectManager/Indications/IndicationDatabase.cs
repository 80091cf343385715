using System.Threading.Channels;
using CimHost.Sdk.Cim;
using Microsoft.Data.Sqlite;

namespace CimHost.ObjectManager.Indications;

/// <summary>
/// The database file behind indications: filters, destinations, subscriptions, and the queues of what is not delivered yet. One task makes
/// all changes; those that wait at the same moment share a transaction, so that many small ones cost one wait for the disk. What returned
/// is on disk.
/// </summary>
internal sealed class IndicationDatabase : IAsyncDisposable
{
    private const int FormatVersion = 1;
    private const int MaxWaiting = 4096;
    private const int MaxTogether = 256;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS filters (key TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS destinations (
            id INTEGER PRIMARY KEY AUTOINCREMENT, class TEXT NOT NULL, key TEXT NOT NULL, record BLOB NOT NULL, context TEXT NOT NULL, next INTEGER NOT NULL,
            delivered INTEGER NOT NULL DEFAULT 0, delivered_at INTEGER, dropped INTEGER NOT NULL DEFAULT 0, dropped_at INTEGER, drop_reason TEXT, UNIQUE (class, key));
        CREATE TABLE IF NOT EXISTS subscriptions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, class TEXT NOT NULL, key TEXT NOT NULL, record BLOB NOT NULL, destination INTEGER NOT NULL,
            last_identifier TEXT, last_at INTEGER, UNIQUE (class, key));
        CREATE TABLE IF NOT EXISTS queue (
            destination INTEGER NOT NULL, sequence INTEGER NOT NULL, subscription INTEGER NOT NULL, queued_at INTEGER NOT NULL, payload BLOB NOT NULL,
            PRIMARY KEY (destination, sequence)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS origins (source TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _reader;
    private readonly Transaction _writer;
    private readonly Lock _readLock = new();
    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _writing;

    private IndicationDatabase(SqliteConnection reader, SqliteConnection writer)
    {
        _reader = reader;
        _writer = new Transaction(writer);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Called by the writing task after a transaction was lost, before those who waited for it hear of that.</summary>
    public Action? Lost { get; set; }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is not this host's or is damaged; it is left as it is.</exception>
    public static IndicationDatabase Open(string path)
    {
        SqliteConnection? writer = null, reader = null;
        try
        {
            writer = Connect(path);
            using var setup = new Transaction(writer, ownsConnection: false);
            long version = setup.Scalar("PRAGMA user_version") ?? 0;
            if (setup.Scalar("SELECT COUNT(*) FROM sqlite_master") > 0 && version != FormatVersion)
            {
                throw new InvalidDataException($"{path} has format {version}; this host reads format {FormatVersion}. Move it away to start without subscriptions.");
            }

            setup.Execute("PRAGMA journal_mode=WAL;");
            setup.Execute(Tables + $"PRAGMA user_version={FormatVersion};");
            reader = Connect(path);
            return new IndicationDatabase(reader, writer);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            writer?.Dispose();
            if (e is SqliteException)
            {
                throw new InvalidDataException($"{path} cannot be opened: {e.Message} Move it away to start without subscriptions.", e);
            }

            throw;
        }
    }

    /// <summary>Reads rows of what is on disk.</summary>
    /// <exception cref="CimException">CIM_ERR_FAILED: the file is damaged or the disk is failing.</exception>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
    {
        lock (_readLock)
        {
            try
            {
                using SqliteCommand command = Command(_reader, sql, parameters);
                return Rows(command, row);
            }
            catch (SqliteException e)
            {
                throw CimException.Failed($"The queues of indications could not be read: {e.Message}", e);
            }
        }
    }

    /// <summary>
    /// Carries out a change: all of it is on disk when this returns, or nothing is changed and the exception of the change is thrown.
    /// Changes come one after the other.
    /// </summary>
    /// <exception cref="CimException">What the change throws; CIM_ERR_FAILED: the disk is full or failing, or the host is stopping.</exception>
    public async ValueTask<T> WriteAsync<T>(Func<Transaction, T> change, CancellationToken cancellationToken)
    {
        T result = default!;
        var waiting = new Change(transaction => result = change(transaction));
        try
        {
            await _changes.Writer.WriteAsync(waiting, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw CimException.Failed("Indications are being stopped.", e);
        }

        await waiting.Done.Task;
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writing;
        _writer.Dispose();
        _reader.Dispose();
    }

    private async Task WriteAllAsync()
    {
        var together = new List<Change>(MaxTogether);
        while (await _changes.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MaxTogether && _changes.Reader.TryRead(out Change? change))
            {
                together.Add(change);
            }

            Exception? lost = Commit(together);
            if (lost is not null)
            {
                Lost?.Invoke();
            }

            foreach (Change change in together)
            {
                change.Finish(lost);
            }
        }
    }

    // Each change can fail on its own; the others of the transaction are not concerned.
    private CimException? Commit(List<Change> together)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (Change change in together)
            {
                _writer.Execute("SAVEPOINT one");
                try
                {
                    change.Run(_writer);
                }
                catch (Exception e) when (e is not SqliteException)
                {
                    change.Failure = e;
                    _writer.Execute("ROLLBACK TO one");
                }

                _writer.Execute("RELEASE one");
            }

            _writer.Execute("COMMIT");
            return null;
        }
        catch (SqliteException e)
        {
            try
            {
                _writer.Execute("ROLLBACK");
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself, as it does when the disk is full.
            }

            return CimException.Failed($"Indications could not be stored: {e.Message}", e);
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = Command(connection, "PRAGMA synchronous=FULL;", []);
        command.ExecuteNonQuery();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<object?> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (i + 1), parameters[i] ?? DBNull.Value);
        }

        return command;
    }

    private static List<T> Rows<T>(SqliteCommand command, Func<SqliteDataReader, T> row)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>A change under way. Statements are prepared once.</summary>
    internal sealed class Transaction(SqliteConnection connection, bool ownsConnection = true) : IDisposable
    {
        private readonly Dictionary<string, SqliteCommand> _commands = [];

        /// <summary>Runs a statement and returns how many rows it changed.</summary>
        public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Prepared(sql, parameters).ExecuteNonQuery();

        /// <summary>The number that a statement gives; null for NULL or no row.</summary>
        public long? Scalar(string sql, params ReadOnlySpan<object?> parameters) => Prepared(sql, parameters).ExecuteScalar() as long?;

        /// <summary>Rows as this change sees them.</summary>
        public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters) => Rows(Prepared(sql, parameters), row);

        public void Dispose()
        {
            foreach (SqliteCommand command in _commands.Values)
            {
                command.Dispose();
            }

            if (ownsConnection)
            {
                connection.Dispose();
            }
        }

        private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> parameters)
        {
            if (!_commands.TryGetValue(sql, out SqliteCommand? command))
            {
                _commands[sql] = command = Command(connection, sql, parameters);
                return command;
            }

            for (int i = 0; i < parameters.Length; i++)
            {
                command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
            }

            return command;
        }
    }

    private sealed class Change(Action<Transaction> run)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public void Run(Transaction transaction) => run(transaction);

        public void Finish(Exception? lost)
        {
            if ((lost ?? Failure) is { } failure)
            {
                Done.SetException(failure);
            }
            else
            {
                Done.SetResult();
            }
        }
    }
}
