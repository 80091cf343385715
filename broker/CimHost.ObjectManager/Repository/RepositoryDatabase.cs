using CimHost.Sdk.Cim;
using Microsoft.Data.Sqlite;

namespace CimHost.ObjectManager.Repository;

/// <summary>
/// The database file behind the repository. It is also the compiled start-up image: a start reads names from it and no MOF. One
/// connection reads, one writes; the write-ahead log keeps them out of each other's way, and a commit is on disk when it returns.
/// </summary>
internal sealed class RepositoryDatabase : IDisposable
{
    private const int FormatVersion = 1;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS namespaces (name TEXT PRIMARY KEY COLLATE NOCASE) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS qualifiers (namespace TEXT COLLATE NOCASE, name TEXT COLLATE NOCASE, record BLOB NOT NULL, PRIMARY KEY (namespace, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS classes (namespace TEXT COLLATE NOCASE, name TEXT COLLATE NOCASE, superclass TEXT, association INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (namespace, name));
        CREATE TABLE IF NOT EXISTS instances (namespace TEXT COLLATE NOCASE, class TEXT COLLATE NOCASE, key TEXT, record BLOB NOT NULL, PRIMARY KEY (namespace, class, key)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS compiled_mof (package TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _reader;
    private readonly SqliteConnection _writer;
    private readonly Lock _readLock = new();
    private long _version;

    private RepositoryDatabase(SqliteConnection reader, SqliteConnection writer)
    {
        _reader = reader;
        _writer = writer;
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">The file is no repository of this host or is damaged; it is left as it is.</exception>
    public static RepositoryDatabase Open(string path)
    {
        SqliteConnection? writer = null, reader = null;
        try
        {
            writer = Connect(path);
            long version = Convert.ToInt64(Scalar(writer, "PRAGMA user_version"));
            bool isNew = Convert.ToInt64(Scalar(writer, "SELECT COUNT(*) FROM sqlite_master")) == 0;
            if (!isNew && version != FormatVersion)
            {
                throw new InvalidDataException($"The repository {path} has format {version}; this host reads format {FormatVersion}. Move it away to start with an empty one.");
            }

            Execute(writer, "PRAGMA journal_mode=WAL;");
            Execute(writer, Tables + $"PRAGMA user_version={FormatVersion};");
            reader = Connect(path);
            return new RepositoryDatabase(reader, writer);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            writer?.Dispose();
            if (e is SqliteException)
            {
                throw new InvalidDataException($"The repository {path} cannot be opened: {e.Message} Move it away to start with an empty one.", e);
            }

            throw;
        }
    }

    /// <summary>Counts the changes since the file was opened.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Reads rows with the reading connection.</summary>
    /// <exception cref="CimException">CIM_ERR_FAILED: the file is damaged or the disk is failing.</exception>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> parameters)
    {
        lock (_readLock)
        {
            try
            {
                using SqliteCommand command = Command(_reader, null, sql, parameters);
                using SqliteDataReader reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                {
                    rows.Add(row(reader));
                }

                return rows;
            }
            catch (SqliteException e)
            {
                throw CimException.Failed($"The repository could not be read: {e.Message}", e);
            }
        }
    }

    /// <summary>Carries out a change as one transaction: all of it is on disk when this returns, or nothing is changed.</summary>
    /// <exception cref="CimException">CIM_ERR_FAILED: the disk is full or failing.</exception>
    public void Write(Action<Transaction> change)
    {
        try
        {
            using SqliteTransaction transaction = _writer.BeginTransaction();
            using (var statements = new Transaction(_writer, transaction))
            {
                change(statements);
            }

            transaction.Commit();
            Interlocked.Increment(ref _version);
        }
        catch (SqliteException e)
        {
            throw CimException.Failed($"The change could not be stored: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA synchronous=FULL;");
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, null, sql, []);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, null, sql, []);
        return command.ExecuteScalar();
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, ReadOnlySpan<object?> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every statement is a constant of this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (i + 1), parameters[i] ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>A change under way. Statements that repeat are prepared once.</summary>
    internal sealed class Transaction(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
    {
        private readonly Dictionary<string, SqliteCommand> _commands = [];

        public void Execute(string sql, params ReadOnlySpan<object?> parameters)
        {
            if (!_commands.TryGetValue(sql, out SqliteCommand? command))
            {
                command = Command(connection, transaction, sql, parameters);
                command.Prepare();
                _commands[sql] = command;
            }
            else
            {
                for (int i = 0; i < parameters.Length; i++)
                {
                    command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
                }
            }

            command.ExecuteNonQuery();
        }

        public void Dispose()
        {
            foreach (SqliteCommand command in _commands.Values)
            {
                command.Dispose();
            }
        }
    }
}
