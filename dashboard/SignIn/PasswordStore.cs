using Fleet.Contracts.SignIn;
using Fleet.Dashboard.Configuration;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.SignIn;

/// <summary>The password in force: the file's, read again whenever the file changes.</summary>
internal sealed partial class PasswordStore(IOptions<DashboardOptions> options, ILogger<PasswordStore> logger)
{
    private readonly string _path = options.Value.PasswordFile;
    private readonly Lock _lock = new();
    private (DateTime WrittenUtc, long LengthBytes) _seen;
    private PasswordHash? _current;

    /// <summary>Null when no password is set, or its file cannot be read: then nobody can sign in.</summary>
    public PasswordHash? Current
    {
        get
        {
            lock (_lock)
            {
                return Refresh_NeedsLock();
            }
        }
    }

    private PasswordHash? Refresh_NeedsLock()
    {
        var file = new FileInfo(_path);
        var stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (stamp == _seen)
        {
            return _current;
        }

        _current = null;
        _seen = stamp;
        if (stamp == default)
        {
            return null;
        }

        try
        {
            if (!PasswordHash.TryParse(File.ReadAllText(_path), out _current))
            {
                LogUnusable(_path);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_path, ex.Message);
            _seen = default;
        }

        return _current;
    }
}
