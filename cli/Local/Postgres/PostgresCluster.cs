using System.Globalization;
using Fleet.Cli.Local.Processes;
using Npgsql;

namespace Fleet.Cli.Local.Postgres;

/// <summary>
/// A private PostgreSQL server: its own folder, its own port on 127.0.0.1, no unix socket, never the system's cluster. As root it runs as an
/// unprivileged user. It can be stopped, started again on the same port and killed, by the launcher and by tests.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(50);
    private const int PortAttempts = 5;

    private readonly PostgresClusterOptions _options;
    private readonly PostgresBinaries _binaries;
    private readonly TimeProvider _timeProvider;
    private readonly UnixUser? _user = UnixUser.ForServers();
    private readonly string _data;
    private ChildProcess? _server;
    private Action? _onStarted;

    /// <param name="options">Where and how.</param>
    /// <param name="binaries">Default: the version that made the folder, or the newest.</param>
    /// <param name="timeProvider">Default: the system's clock.</param>
    public PostgresCluster(PostgresClusterOptions options, PostgresBinaries? binaries = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _data = Path.Combine(Path.GetFullPath(options.Folder), "data");
        _binaries = binaries ?? FindBinaries(_data);
        Port = options.Port;
    }

    public int Port { get; private set; }

    public int MajorVersion => _binaries.MajorVersion;

    /// <summary>The server process; null before the first start. A new object after each start.</summary>
    public ChildProcess? Server => _server;

    public bool IsRunning => _server is { Exited.IsCompleted: false };

    /// <summary>For the silo: the role that owns the database.</summary>
    public string OwnerConnectionString(string database = PostgresRoles.Database) =>
        ConnectionString(PostgresRoles.Owner, _options.Passwords.Owner, database);

    /// <summary>For the dashboard: a role that can only read.</summary>
    public string DashboardConnectionString(string database = PostgresRoles.Database) =>
        ConnectionString(PostgresRoles.Dashboard, _options.Passwords.Dashboard, database);

    public string SuperuserConnectionString(string database = "postgres") =>
        ConnectionString(PostgresRoles.Superuser, _options.Passwords.Superuser, database);

    /// <summary>Makes the cluster when its folder is new, starts it and waits until the roles and the database are there.</summary>
    /// <exception cref="PostgresStartException">With the server's last lines.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => StartAsync(onStarted: null, cancellationToken);

    /// <summary>As above; <paramref name="onStarted"/> is called whenever the server process is there but does not answer yet.</summary>
    public async Task StartAsync(Action? onStarted, CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            return;
        }

        _onStarted = onStarted;
        await PostgresInit.EnsureAsync(_options, _binaries, _user, _data, cancellationToken);
        await StartServerAsync(cancellationToken);
        try
        {
            await EnsureRolesAsync(cancellationToken);
        }
        catch
        {
            await StopAsync(PostgresStopMode.Fast, CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// Stops the server; when it does not end in time, or when <paramref name="cancellationToken"/> says that there is no time, kills it.
    /// Returns true when it ended by itself.
    /// </summary>
    public async Task<bool> StopAsync(PostgresStopMode mode, CancellationToken cancellationToken)
    {
        if (_server is not { } server)
        {
            return true;
        }

        var signal = mode == PostgresStopMode.Fast ? UnixSignal.Interrupt : UnixSignal.Quit;
        var helpers = ProcessIdentity.ChildrenOf(server.ProcessId);
        var inTime = await server.StopAsync(signal, _options.StopTimeout, cancellationToken);
        await WaitForEndAsync(helpers, CancellationToken.None);
        return inTime;
    }

    /// <summary>Stops and starts again on the same port.</summary>
    public async Task RestartAsync(PostgresStopMode mode, CancellationToken cancellationToken)
    {
        await StopAsync(mode, cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>kill -9 of the server, as when the kernel runs out of memory.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server)
        {
            return;
        }

        // Each backend is in a session of its own and notices the death by itself; until then its shared memory blocks a new start.
        var helpers = ProcessIdentity.ChildrenOf(server.ProcessId);
        server.Signal(UnixSignal.Kill);
        await server.Exited.WaitAsync(cancellationToken);
        await WaitForEndAsync(helpers, cancellationToken);
    }

    /// <summary>A further database that `fleet` owns.</summary>
    public async Task CreateDatabaseAsync(string name, string? template, CancellationToken cancellationToken)
    {
        await using var connection = await OpenSuperuserAsync(cancellationToken);
        await PostgresRoles.EnsureDatabaseAsync(connection, name, template, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(PostgresStopMode.Fast, CancellationToken.None);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static PostgresBinaries FindBinaries(string data)
    {
        var versionFile = Path.Combine(data, "PG_VERSION");
        if (!File.Exists(versionFile))
        {
            return PostgresBinaries.Find() ?? throw new PostgresStartException(PostgresBinaries.Remedy);
        }

        var version = int.Parse(File.ReadAllText(versionFile).Trim(), CultureInfo.InvariantCulture);
        return PostgresBinaries.Find(version) ?? throw new PostgresStartException(string.Create(
            CultureInfo.InvariantCulture,
            $"{data} was made by PostgreSQL {version}, which is not installed: install postgresql-{version}, or move the folder away."));
    }

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pinned = Port != 0;
            Port = pinned ? Port : FreePort.Any();
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            _server = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = _binaries.Postgres,
                Arguments = ServerArguments(),
                WorkingDirectory = _data,
                User = _user,
                OnLine = _options.OnLine,
            });
            _onStarted?.Invoke();
            if (await WaitUntilReadyAsync(_server, cancellationToken))
            {
                return;
            }

            // Somebody else took the port between the choice and the start.
            if (!pinned && attempt < PortAttempts)
            {
                Port = 0;
                continue;
            }

            throw new PostgresStartException(string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL did not start on port {Port}. Its last lines:\n{string.Join('\n', _server.LastLines)}"));
        }
    }

    private List<string> ServerArguments()
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            // No unix socket: paths have a limit of 107 bytes, and loopback with a password is enough.
            ["unix_socket_directories"] = "",
            ["max_connections"] = _options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["fsync"] = _options.Fsync ? "on" : "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_destination"] = "stderr",
            ["logging_collector"] = "off",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
        };
        if (!_options.Fsync)
        {
            // synchronous_commit stays on: what is committed must survive a killed server, in tests too.
            settings["full_page_writes"] = "off";
        }

        foreach (var (name, value) in _options.Settings)
        {
            settings[name] = value;
        }

        return ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    /// <summary>True when the server accepts connections; false when it ended instead.</summary>
    private async Task<bool> WaitUntilReadyAsync(ChildProcess server, CancellationToken cancellationToken)
    {
        var started = _timeProvider.GetTimestamp();
        while (true)
        {
            if (server.Exited.IsCompleted)
            {
                return false;
            }

            if (PostgresInit.IsReady(_data, server.ProcessId))
            {
                return true;
            }

            if (_timeProvider.GetElapsedTime(started) > _options.StartTimeout)
            {
                await server.StopAsync(UnixSignal.Quit, TimeSpan.FromSeconds(5), CancellationToken.None);
                return false;
            }

            try
            {
                await Task.Delay(_probeInterval, _timeProvider, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await server.StopAsync(UnixSignal.Quit, TimeSpan.FromSeconds(5), CancellationToken.None);
                throw;
            }
        }
    }

    private async Task EnsureRolesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenSuperuserAsync(cancellationToken);
            await PostgresRoles.EnsureAsync(connection, _options.Passwords, cancellationToken);
        }
        catch (PostgresException ex) when (ex.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            // The files with the passwords were deleted and made anew while the data stayed: who owns the folder may set the password again.
            await StopAsync(PostgresStopMode.Fast, cancellationToken);
            await PostgresInit.SetSuperuserPasswordAsync(_options, _binaries, _user, _data, cancellationToken);
            await StartServerAsync(cancellationToken);
            await using var connection = await OpenSuperuserAsync(cancellationToken);
            await PostgresRoles.EnsureAsync(connection, _options.Passwords, cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> OpenSuperuserAsync(CancellationToken cancellationToken)
    {
        // Without a pool: idle connections of ours would be in the way of CREATE DATABASE … TEMPLATE and of a stop.
        var connection = new NpgsqlConnection(SuperuserConnectionString() + ";Pooling=false");
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task WaitForEndAsync(IReadOnlyList<ProcessIdentity> processes, CancellationToken cancellationToken)
    {
        var started = _timeProvider.GetTimestamp();
        while (processes.Any(process => process.IsAlive()))
        {
            if (_timeProvider.GetElapsedTime(started) > _options.StopTimeout)
            {
                foreach (var process in processes.Where(process => process.IsAlive()))
                {
                    LibC.Kill(process.ProcessId, UnixSignal.Kill);
                }
            }

            await Task.Delay(_probeInterval, _timeProvider, cancellationToken);
        }
    }

    private string ConnectionString(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = user,
        Password = password,
        Database = database,
        // Loopback: no TLS to negotiate, and errors come at once.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;
}
